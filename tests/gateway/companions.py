"""Streams that are open while something else goes wrong beside them."""

import queue
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import cycle

import httpx

from tests.e2e import replies
from tests.e2e.client import streaming
from tests.e2e.exchange import Exchange
from tests.e2e.marked import REPLY
from tests.e2e.proxy import ROUTE, Proxy
from tests.e2e.upstream import PATIENCE, Script, Upstream
from tests.gateway.chatting import CHAT, DONE, asking, saying

ROUTES = (ROUTE, "/v1/responses", CHAT)
MARK = "stream-number-"
"""In the prompt of each, by which the upstream knows it."""


class Companion:
    """One stream, whose upstream sends a piece only when it is told to."""

    def __init__(self, number: int, target: str) -> None:
        self.name = f"{MARK}{number}."
        self.target = target
        self.pieces = queue.Queue[bytes]()
        self._arriving: Iterator[bytes]

    def asked(self) -> str:
        """Return the body of its request."""
        return asking(prompt=self.name) if self.target == CHAT else self.name

    def serve(self, exchange: Exchange) -> None:
        """Be the upstream of this stream; an empty piece ends it."""
        exchange.start()
        while piece := self.pieces.get(timeout=PATIENCE):
            exchange.send(piece)
        exchange.finish()

    def attach(self, response: httpx.Response) -> None:
        """Be the client of this stream."""
        assert response.status_code == 200
        self._arriving = response.iter_raw()

    def step(self, number: int) -> None:
        """Let the upstream send one more piece, and see it arrive."""
        text = f"{self.name} {number} {REPLY}"
        piece = f"data: {text}\n\n".encode()
        # Of a chat the text is made out of a chunk, and so comes to the same.
        self.pieces.put(saying(text)[0] if self.target == CHAT else piece)
        received = b""
        while len(received) < len(piece):
            arrived = next(self._arriving, b"")
            assert arrived, f"{self.name} ended before its time"
            received += arrived
        assert received == piece

    def end(self) -> None:
        """Let the upstream end the stream, and see that it ends well."""
        if self.target == CHAT:
            self.pieces.put(DONE)
        self.pieces.put(b"")
        assert list(self._arriving) == []


class Companions:
    """Some streams, and the upstream's script for all others."""

    def __init__(self, count: int, targets: tuple[str, ...]) -> None:
        self.others: Script = replies.silent
        self._is_open = False
        self._steps = 0
        turns = zip(range(count), cycle(targets), strict=False)
        self._all = [Companion(number, target) for number, target in turns]

    def script(self, exchange: Exchange) -> None:
        """Answer a stream as a stream, and what else is asked by `others`."""
        if self._is_open:
            self.others(exchange)
            return
        body = exchange.read_body().decode()
        companion = next(known for known in self._all if known.name in body)
        companion.serve(exchange)

    def open(self, proxy: Proxy, stack: ExitStack) -> None:
        """Open all, one after the other."""
        for companion in self._all:
            opened = streaming(proxy, companion.asked(), companion.target)
            companion.attach(stack.enter_context(opened))
        self._is_open = True

    def step(self) -> None:
        """Have a piece go through every stream."""
        self._steps += 1
        for companion in self._all:
            companion.step(self._steps)

    def end(self) -> None:
        """End every stream."""
        for companion in self._all:
            companion.end()

    def give_up(self) -> None:
        """Have the upstream wait for nobody."""
        for companion in self._all:
            companion.pieces.put(b"")


@contextmanager
def companions(
    proxy: Proxy,
    upstream: Upstream,
    count: int = 15,
    targets: tuple[str, ...] = ROUTES,
) -> Iterator[Companions]:
    """Keep `count` streams open, by all `targets` in turn.

    At the end they must still be whole.
    """
    beside = Companions(count, targets)
    upstream.play(beside.script)
    with ExitStack() as stack:
        stack.callback(beside.give_up)
        beside.open(proxy, stack)
        beside.step()
        yield beside
        beside.step()
        beside.end()
