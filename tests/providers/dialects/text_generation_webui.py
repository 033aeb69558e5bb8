"""text-generation-webui without a key: a content that is no string is its own failure.

It falls over an array with status 500, as https://github.com/oobabooga/textgen/issues/7544
tells: so it is with whatever it does not foresee. What FastAPI refuses has a `detail`.
See, in https://github.com/oobabooga/text-generation-webui: `openai_error_handler` and
`verify_api_key` in extensions/openai/script.py.
"""

from http import HTTPStatus

from local_upstream.errors import ApiError
from tests.providers.dialect import (
    CHAT,
    COMPLETIONS,
    EMBEDDINGS,
    MODELS,
    Dialect,
    Refusal,
    Told,
)

BY_FASTAPI = (401, 404, 405, 415, 422)
FAILURE = "Internal Server Error"


def tell(error: ApiError) -> Told:
    """Tell of an error, in one of three ways."""
    if error.status == 500:
        return Told(FAILURE)
    if error.status in BY_FASTAPI:
        return Told({"detail": HTTPStatus(error.status).phrase})
    kind = "server_error" if error.status > 500 else "invalid_request_error"
    told = {"message": str(error), "type": kind, "param": error.param, "code": None}
    return Told({"error": told})


TEXT_GENERATION_WEBUI = Dialect(
    "text-generation-webui",
    "/v1",
    {**CHAT, **COMPLETIONS, **EMBEDDINGS, **MODELS},
    tell,
    keys=(),
    takes_arrays=False,
    wrong_content=Refusal(500, FAILURE),
)
