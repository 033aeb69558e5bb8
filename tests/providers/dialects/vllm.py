"""vLLM, started with `--api-key`: content as a string or an array, codes as numbers.

See, in https://github.com/vllm-project/vllm: `ErrorInfo` in
vllm/entrypoints/openai/engine/protocol.py; `AuthenticationMiddleware`, whose body is
none of these, and the handlers in vllm/entrypoints/serve/utils/server_utils.py.
"""

from http import HTTPStatus

from local_upstream.errors import ApiError
from tests.providers.dialect import (
    CHAT,
    COMPLETIONS,
    EMBEDDINGS,
    MODELS,
    Dialect,
    Told,
)
from tests.providers.dialects.openai import RESPONSES

TYPES = {400: "BadRequestError", 404: "NotFoundError", 500: "InternalServerError"}


def tell(error: ApiError) -> Told:
    """Tell of an error; of a wrong key before all else, and briefly."""
    if error.status == 401:
        return Told({"error": "Unauthorized"})
    kind = TYPES.get(error.status) or HTTPStatus(error.status).phrase
    told = {"message": str(error), "type": kind, "param": error.param}
    return Told({"error": {**told, "code": error.status}})


VLLM = Dialect(
    "vllm",
    "/v1",
    {**RESPONSES, **CHAT, **COMPLETIONS, **EMBEDDINGS, **MODELS},
    tell,
)
