"""Gemini's OpenAI-compatible endpoint: the local upstream's, with a certain key.

See: local_upstream/gemini_compatible.py
"""

from local_upstream import embeddings, gemini_compatible
from local_upstream.errors import ApiError
from local_upstream.gemini_errors import error_body
from tests.providers.dialect import Dialect, Refusal, Told


def tell(error: ApiError) -> Told:
    """Tell of an error as Google does there: in an array."""
    return Told([error_body(error)])


GEMINI = Dialect(
    "gemini",
    gemini_compatible.BASE,
    {
        "POST /chat/completions": gemini_compatible.create,
        "POST /embeddings": embeddings.create,
        "GET /models": gemini_compatible.list_models,
        "GET /models/{model:.+}": gemini_compatible.retrieve,
    },
    tell,
    wrong_key=Refusal(400, "API key not valid. Please pass a valid API key."),
)
