"""OpenAI itself.

See: https://platform.openai.com/docs/api-reference
"""

import json

from local_upstream import stored
from local_upstream.errors import ApiError
from local_upstream.observing import mark_as_openai
from tests.providers.dialect import (
    CHAT,
    COMPLETIONS,
    EMBEDDINGS,
    MODELS,
    Dialect,
    Refusal,
    Told,
)

RESPONSES = {
    "POST /responses": stored.create,
    "GET /responses/{id}": stored.retrieve,
    "DELETE /responses/{id}": stored.delete,
}


def tell(error: ApiError) -> Told:
    """Tell of an error as the local upstream does anyway."""
    text = error.response().text
    assert text
    return Told(json.loads(text), error.retry_headers())


OPENAI = Dialect(
    "openai",
    "/v1",
    {**RESPONSES, **CHAT, **COMPLETIONS, **EMBEDDINGS, **MODELS},
    tell,
    wrong_key=Refusal(401, "Incorrect API key provided."),
    marks=mark_as_openai,
)
