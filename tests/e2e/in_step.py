"""A stream in step: the upstream sends a piece when the one before has been read."""

import queue
from collections.abc import Sequence

import httpx

from tests.e2e import replies
from tests.e2e.exchange import Exchange
from tests.e2e.upstream import Upstream


class InStep:
    """Both ends of such a stream, of which no piece may be held back."""

    def __init__(self, upstream: Upstream, pieces: Sequence[bytes]) -> None:
        self._pieces = pieces
        self._read = queue.Queue[None]()
        upstream.play(self._say)

    def _say(self, exchange: Exchange) -> None:
        replies.say_in_step(exchange, self._pieces, self._read)
        exchange.finish()

    def read(self, response: httpx.Response) -> None:
        """Read all of it, each piece before the next one is sent."""
        arriving = response.iter_raw()
        for piece in self._pieces:
            received = b""
            while len(received) < len(piece):
                received += next(arriving)
            assert received == piece
            self._read.put(None)
        assert list(arriving) == []
