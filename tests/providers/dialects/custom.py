"""Some server of somebody's: at a path of its own, with errors like nobody's else.

It lists no models.
"""

from local_upstream.errors import ApiError
from tests.providers.dialect import CHAT, COMPLETIONS, EMBEDDINGS, Dialect, Told


def tell(error: ApiError) -> Told:
    """Tell of an error in a shape that no client of OpenAI's knows."""
    return Told({"status": error.status, "message": str(error)})


CUSTOM = Dialect("custom", "/api/v1", {**CHAT, **COMPLETIONS, **EMBEDDINGS}, tell)
