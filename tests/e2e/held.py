"""Streams that are open at once, each in an instance of its own."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import httpx

from tests.e2e.client import Server, streaming
from tests.e2e.exchange import Exchange
from tests.e2e.marked import chunks
from tests.e2e.upstream import PATIENCE, Upstream

ALONE = ("--max-instance-reuse-count=1",)
"""Flags of wasmtime with which no two requests share an instance of the gateway."""


@contextmanager
def held(
    proxy: Server, upstream: Upstream, count: int
) -> Iterator[list[httpx.Response]]:
    """Open streams one after the other, of which none ends before the block does."""
    over = threading.Event()

    def script(exchange: Exchange) -> None:
        exchange.read_body()
        exchange.start()
        exchange.send(chunks(1)[0])
        assert over.wait(5 * PATIENCE)
        exchange.finish()

    upstream.play(script)
    with ExitStack() as stack:
        stack.callback(over.set)
        yield [stack.enter_context(streaming(proxy)) for _ in range(count)]
