"""LocalAI without a key: errors have a number for a code, and no type.

See, in https://github.com/mudler/LocalAI: `HTTPErrorHandler` in core/http/app.go and
`APIError` in core/schema/openai.go.
"""

from local_upstream.errors import ApiError
from tests.providers.dialect import (
    CHAT,
    COMPLETIONS,
    EMBEDDINGS,
    MODELS,
    Dialect,
    Told,
)


def tell(error: ApiError) -> Told:
    """Tell of an error; what is empty is left out, but for the type."""
    told = {"code": error.status, "message": str(error), "type": ""}
    return Told({"error": told})


LOCALAI = Dialect(
    "localai",
    "/v1",
    {**CHAT, **COMPLETIONS, **EMBEDDINGS, **MODELS},
    tell,
    keys=(),
)
