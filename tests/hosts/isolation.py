"""Whether requests that a host serves at the same time leave each other alone."""

import threading
from contextlib import suppress

import httpx

from scripts.hosts.host import Served
from tests.e2e import replies
from tests.e2e.client import TEXT, ask, send, streaming
from tests.e2e.exchange import Exchange
from tests.e2e.marked import PROMPT, chunks
from tests.e2e.test_isolation import FAILURES
from tests.e2e.upstream import PATIENCE, Upstream
from tests.gateway.poisons import REQUESTS
from tests.gateway.raw import answer
from tests.hosts.findings import ONE_AT_A_TIME, YES

SOON = 3.0
"""Seconds that a busy machine gets for what takes a host a moment."""
STRANGE = (
    "a value that is not UTF-8",
    "a path that is not UTF-8",
    "a prompt that is not UTF-8",
    "no type",
    "CONNECT",
    "two lengths",
    "trailers",
    "TLS",
)
"""Some of those that the tests of the gateway send to its pinned host."""


def isolation(served: Served, upstream: Upstream) -> str:
    """Find out whether a stream stays whole beside failures and strange requests."""
    first, *rest = chunks(2)
    done = threading.Event()

    def interrupted(exchange: Exchange) -> None:
        exchange.read_body()
        exchange.start()
        exchange.send(first)
        assert done.wait(PATIENCE)
        for piece in rest:
            exchange.send(piece)
        exchange.finish()

    upstream.play(replies.in_turn(interrupted, *FAILURES.values(), replies.answer(200)))
    with streaming(served) as response:
        arriving = response.iter_raw()
        received = next(arriving)
        is_alone = not is_healthy(served)
        if not is_alone:
            _fail_beside(served)
        done.set()
        received += b"".join(arriving)
    assert received == b"".join([first, *rest])
    return ONE_AT_A_TIME if is_alone else YES


def is_healthy(served: Served) -> bool:
    """Tell whether the host answers within a moment."""
    try:
        return send(served, "GET", "/health", timeout=2 * SOON).status_code == 200
    except httpx.TransportError:
        return False


def _fail_beside(served: Served) -> None:
    for _ in FAILURES:
        with suppress(httpx.RemoteProtocolError):
            ask(served, PROMPT, TEXT)
    for name in STRANGE:
        with suppress(ConnectionResetError):
            answer(served, REQUESTS[name])
