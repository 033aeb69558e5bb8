"""A client of `POST /chat` that reads slowly: nothing piles up in between."""

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from socket import socket

import pytest

from tests.e2e.client import connected, read_until
from tests.e2e.conftest import StartProxy
from tests.e2e.exchange import Exchange
from tests.e2e.memory import resident
from tests.e2e.proxy import Proxy
from tests.e2e.test_back_pressure import (
    GROWTH,
    HELD,
    MEBIBYTE,
    read_chunked,
    wait_for_head,
    wait_still,
)
from tests.e2e.upstream import Upstream
from tests.gateway.chatting import CHAT, DONE, asking, saying

TOKEN = "0123456789abcdef" * 1024
TOTAL = 64 * MEBIBYTE
COUNT = TOTAL // len(TOKEN)


def _large(exchange: Exchange) -> None:
    [event] = saying(TOKEN)
    exchange.read_body()
    exchange.start()
    for _ in range(COUNT):
        exchange.send(event)
    exchange.send(DONE)
    exchange.finish()


@contextmanager
def _reading(proxy: Proxy) -> Iterator[socket]:
    with connected(proxy, asking(format="text"), CHAT) as connection:
        wait_for_head(connection)
        yield connection


def test_a_client_that_does_not_read(
    start_proxy: StartProxy, upstream: Upstream, capsys: pytest.CaptureFixture[str]
) -> None:
    proxy = start_proxy(LOG_LEVEL="info")
    upstream.play(_large)
    with _reading(proxy) as connection:
        before = resident(proxy)
        held = wait_still(upstream.exchange())
        growth = resident(proxy) - before
        length, digest = read_chunked(connection)
    with capsys.disabled():
        print(
            f"\nheld up after {held / MEBIBYTE:.1f} of {TOTAL // MEBIBYTE} MiB; "
            f"memory grew by {growth / MEBIBYTE:.1f} MiB"
        )
    assert held < HELD
    assert growth < GROWTH
    assert length == TOTAL
    assert digest == hashlib.sha256(TOKEN.encode() * COUNT).digest()


def test_memory_does_not_grow_with_the_stream(
    start_proxy: StartProxy, upstream: Upstream, capsys: pytest.CaptureFixture[str]
) -> None:
    proxy = start_proxy(LOG_LEVEL="info")
    upstream.play(_large)
    with _reading(proxy) as connection, ThreadPoolExecutor(1) as reader:
        highest = before = resident(proxy)
        read = reader.submit(read_chunked, connection)
        while not read.done():
            highest = max(highest, resident(proxy))
            wait([read], timeout=0.01)
    assert read.result()[0] == TOTAL
    growth = (highest - before) / MEBIBYTE
    with capsys.disabled():
        print(f"\nmemory grew by {growth:.1f} MiB with {TOTAL // MEBIBYTE} MiB sent")
    assert highest - before < GROWTH


def test_a_client_that_leaves_while_it_does_not_read(
    start_proxy: StartProxy, upstream: Upstream
) -> None:
    upstream.play(_large)
    with _reading(start_proxy(LOG_LEVEL="info")) as connection:
        read_until(connection, b"\r\n\r\n")
        exchange = upstream.exchange()
        wait_still(exchange)
    assert exchange.closed.wait(2)
