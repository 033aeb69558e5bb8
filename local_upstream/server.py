"""The HTTP server: the API's routes, and what all of them have in common."""

from collections import Counter

from aiohttp import web

from local_upstream import (
    audio,
    chat,
    completions,
    embeddings,
    images,
    models,
    moderations,
    stored,
)
from local_upstream.identity import Identify, fresh
from local_upstream.observing import IDENTIFY, RECORDS, mark, observe
from local_upstream.scripts import ASKED
from local_upstream.sending import PACE

DELTA_SECONDS = 0.05
"""Between two deltas: about the pace of a fast model."""
REQUEST_LIMIT = 8 * 1024 * 1024
PARTS = (
    stored,
    chat,
    completions,
    embeddings,
    moderations,
    models,
    audio,
    images,
)


def build_app(
    delta_seconds: float = DELTA_SECONDS, identify: Identify = fresh
) -> web.Application:
    """Build the server: its pace, and what gives its replies their ids."""
    app = web.Application(client_max_size=REQUEST_LIMIT, middlewares=[observe])
    app[PACE] = delta_seconds
    app[IDENTIFY] = identify
    app[RECORDS] = []
    app[ASKED] = Counter()
    app[stored.STORE] = {}
    app.on_response_prepare.append(mark)
    for part in PARTS:
        app.add_routes(part.ROUTES)
    return app
