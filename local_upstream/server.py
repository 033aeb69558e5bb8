"""The HTTP server: the APIs' routes, and what all of them have in common."""

from collections import Counter
from collections.abc import Callable

from aiohttp import web

from local_upstream import (
    audio,
    chat,
    completions,
    embeddings,
    gemini,
    gemini_compatible,
    images,
    models,
    moderations,
    stored,
    stored_chats,
)
from local_upstream.gemini_errors import COMPATIBLE, NATIVE
from local_upstream.identity import Identify, fresh
from local_upstream.observing import (
    CONVENTIONS,
    IDENTIFY,
    RECORDS,
    Conventions,
    mark,
    observe,
)
from local_upstream.scripts import ASKED
from local_upstream.sending import PACE

DELTA_SECONDS = 0.05
"""Between two deltas: about the pace of a fast model."""
REQUEST_LIMIT = 8 * 1024 * 1024
PARTS = (
    stored,
    stored_chats,
    chat,
    completions,
    embeddings,
    moderations,
    models,
    audio,
    images,
    gemini_compatible,
    gemini,
)
OPENAI = Conventions()


def build_app(
    delta_seconds: float = DELTA_SECONDS, identify: Identify = fresh
) -> web.Application:
    """Build the server: its pace, and what gives its replies their ids."""
    app = prepare_app(_conventions, delta_seconds, identify)
    for part in PARTS:
        app.add_routes(part.ROUTES)
    return app


def prepare_app(
    conventions: Callable[[str], Conventions],
    delta_seconds: float = DELTA_SECONDS,
    identify: Identify = fresh,
) -> web.Application:
    """Build a server without any routes; `conventions` are those of a path's API."""
    app = web.Application(client_max_size=REQUEST_LIMIT, middlewares=[observe])
    app[PACE] = delta_seconds
    app[IDENTIFY] = identify
    app[CONVENTIONS] = conventions
    app[RECORDS] = []
    app[ASKED] = Counter()
    app[stored.STORE] = {}
    app[stored_chats.STORE] = {}
    app.on_response_prepare.append(mark)
    return app


def _conventions(path: str) -> Conventions:
    if path.startswith(f"{gemini_compatible.BASE}/"):
        return COMPATIBLE
    return NATIVE if path.startswith(f"{gemini.BASE}/") else OPENAI
