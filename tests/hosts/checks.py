"""The checks of a host, each of which says what it finds in one of a few words.

A check raises only where a host does what nobody has declared.
"""

import json
import threading
from collections.abc import Callable
from itertools import accumulate
from queue import Empty, Queue

import httpx

from scripts.hosts.host import Served
from tests.e2e import replies
from tests.e2e.client import ask, connected, read_until, send, streaming
from tests.e2e.exchange import Exchange
from tests.e2e.marked import KEY, chunks
from tests.e2e.test_broken_upstream import ENDS, FIRST, after_a_chunk
from tests.e2e.test_client_gone import leave
from tests.e2e.upstream import PATIENCE, Script, Upstream
from tests.hosts.findings import (
    ENDS_THE_HOST,
    HELD_BACK,
    LOOKS_WHOLE,
    NOT_NOTICED,
    WHEN_IT_SPEAKS,
    YES,
)
from tests.hosts.isolation import SOON, is_healthy, isolation
from tests.hosts.settings import ELSEWHERE, MODEL

SPOKEN = 20
"""Chunks of an upstream that nobody hears."""
AT_ONCE_SECONDS, SPEAKING_SECONDS = 8.0, 0.3
"""What a busy machine gets to close a connection: at first, and after each chunk."""

Check = Callable[[Served, Upstream], str]


def starts(served: Served, upstream: Upstream) -> str:
    """Find out whether prompts are answered, byte for byte."""
    assert send(served, "GET", "/health").json() == {"status": "healthy"}
    pieces = chunks(3)
    upstream.play(replies.stream(pieces))
    for _ in range(2):
        response = ask(served)
        assert (response.status_code, response.content) == (200, b"".join(pieces))
    return YES


def gaps(served: Served, upstream: Upstream) -> str:
    """Find out whether a chunk arrives before the next one is sent."""
    pieces, read, held = chunks(6), Queue[None](), threading.Event()

    def in_step(exchange: Exchange) -> None:
        exchange.read_body()
        exchange.start()
        for piece in pieces:
            exchange.send(piece)
            try:
                read.get(timeout=0 if held.is_set() else SOON)
            except Empty:
                held.set()
        exchange.finish()

    upstream.play(in_step)
    with streaming(served) as response:
        arriving, received = response.iter_raw(), b""
        for sent in accumulate(pieces):
            while len(received) < len(sent):
                received += next(arriving)
            read.put(None)
    assert received == b"".join(pieces)
    return HELD_BACK if held.is_set() else YES


def disconnect(served: Served, upstream: Upstream) -> str:
    """Find out when the upstream is left after the client has left."""
    found = Queue[str]()

    def mute_then_speaking(exchange: Exchange) -> None:
        exchange.read_body()
        exchange.start()
        exchange.send(FIRST)
        if exchange.closes_within(AT_ONCE_SECONDS):
            found.put(YES)
            return
        for _ in range(SPOKEN):
            exchange.send(FIRST)
            if exchange.closes_within(SPEAKING_SECONDS):
                found.put(WHEN_IT_SPEAKS)
                return
        found.put(NOT_NOTICED)
        exchange.finish()

    upstream.play(mute_then_speaking)
    with connected(served) as connection:
        read_until(connection, FIRST)
        leave(connection, "close")
    return found.get(timeout=PATIENCE)


def broken_upstream(served: Served, upstream: Upstream) -> str:
    """Find out whether a reply that breaks off looks whole, however it breaks off."""
    found = {_broken_by(end, served, upstream) for end in ENDS}
    assert len(found) == 1, found
    return found.pop()


def _broken_by(end: Script, served: Served, upstream: Upstream) -> str:
    if not is_healthy(served):
        return ENDS_THE_HOST
    arrived = threading.Event()
    upstream.play(after_a_chunk(end, arrived))
    try:
        with streaming(served) as response:
            for _ in response.iter_raw():
                arrived.set()
    except (httpx.RemoteProtocolError, httpx.ReadError):
        return YES if is_healthy(served) else ENDS_THE_HOST
    return LOOKS_WHOLE


def settings(served: Served, upstream: Upstream) -> str:
    """Find out whether the provider has its settings, and the router none."""
    upstream.play(replies.stream())
    assert ask(served).status_code == 200
    exchange = upstream.exchange()
    assert json.loads(exchange.body)["model"] == MODEL
    assert exchange.request.headers["authorization"] == f"Bearer {KEY}"
    assert send(served, "POST", ELSEWHERE, content="x").status_code == 404
    return YES


CHECKS: dict[str, Check] = {
    "starts": starts,
    "streams with gaps": gaps,
    "client leaves": disconnect,
    "isolation": isolation,
    "settings": settings,
    "upstream breaks": broken_upstream,
}
"""By the heading of their column in docs/hosts.md."""
