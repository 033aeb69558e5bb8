"""Streams through the lattice, and what the upstream is told to do for them."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

import httpx

from local_upstream.responses import Answer, encode, stream
from scripts.check_logs import REPLY_MARK
from tests.e2e.exchange import Exchange
from tests.e2e.marked import PROMPT, chunks
from tests.e2e.upstream import PATIENCE

GAP_SECONDS = 0.05
EVENTS = 10


def by_model(exchange: Exchange) -> None:
    """Stream a reply of the model that was asked for, within a second."""
    model = json.loads(exchange.read_body())["model"]
    deltas = [f"{REPLY_MARK} {number} " for number in range(EVENTS)]
    exchange.start()
    for event in stream(Answer(model, PROMPT, deltas)):
        exchange.send(encode(event))
        time.sleep(GAP_SECONDS)
    exchange.finish()


@dataclass(slots=True)
class Halves:
    """A script that says one half of a reply, and the other when it is let."""

    pieces: list[bytes] = field(default_factory=lambda: chunks(20))
    let: threading.Event = field(default_factory=threading.Event)

    @property
    def first(self) -> bytes:
        """What a client has before the rest is let go."""
        return b"".join(self.pieces[: len(self.pieces) // 2])

    @property
    def whole(self) -> bytes:
        """What it has in the end."""
        return b"".join(self.pieces)

    def __call__(self, exchange: Exchange) -> None:
        exchange.read_body()
        exchange.start()
        exchange.send(self.first)
        assert self.let.wait(PATIENCE)
        exchange.send(self.whole[len(self.first) :])
        exchange.finish()


@dataclass(slots=True)
class Open:
    """A stream that has begun."""

    response: httpx.Response
    arriving: Iterator[bytes]
    received: bytes

    def read_rest(self) -> bytes:
        """Read to the end, and return all. Raises `httpx.RemoteProtocolError`."""
        for piece in self.arriving:
            self.received += piece
        return self.received


@contextmanager
def opened(
    url: str, count: int, halves: Halves, headers: dict[str, str] | None = None
) -> Iterator[list[Open]]:
    """Ask for streams, and read the first half of each."""
    with ExitStack() as stack:
        client = stack.enter_context(
            httpx.Client(headers=headers, timeout=PATIENCE, trust_env=False)
        )
        # Whatever fails, no script waits for ever.
        stack.callback(halves.let.set)
        streams = []
        for _ in range(count):
            asked = client.stream("POST", f"{url}/openai-proxy", content=PROMPT)
            response = stack.enter_context(asked)
            assert response.status_code == 200
            streams.append(_first_half(response, halves.first))
        yield streams


def _first_half(response: httpx.Response, half: bytes) -> Open:
    arriving, received = response.iter_raw(), b""
    while len(received) < len(half):
        received += next(arriving)
    assert received == half
    return Open(response, arriving, received)


def ask(url: str, **headers: str) -> httpx.Response:
    """Send a prompt and read the whole reply."""
    return httpx.post(
        f"{url}/openai-proxy",
        content=PROMPT,
        headers=headers,
        timeout=PATIENCE,
        trust_env=False,
    )
