"""Ollama: no key, three types of errors, and what no route knows is plain text.

See, in https://github.com/ollama/ollama: `NewError` in openai/openai.go, and
middleware/openai.go.
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

TYPES = {400: "invalid_request_error", 404: "not_found_error"}


def tell(error: ApiError) -> Told:
    """Tell of an error; of an unknown route as its HTTP framework, gin, does."""
    if error.status in (404, 405) and error.code is None:
        return Told(f"{error.status} page not found")
    kind = TYPES.get(error.status, "api_error")
    told = {"message": str(error), "type": kind, "param": None, "code": None}
    return Told({"error": told})


OLLAMA = Dialect(
    "ollama",
    "/v1",
    {**CHAT, **COMPLETIONS, **EMBEDDINGS, **MODELS},
    tell,
    keys=(),
)
