"""A client that reads slowly slows the upstream down; nothing piles up in between."""

import hashlib
import socket
import time
from concurrent.futures import ThreadPoolExecutor, wait

import pytest

from tests.e2e.client import connected, read_until
from tests.e2e.conftest import StartProxy
from tests.e2e.exchange import Exchange
from tests.e2e.memory import resident
from tests.e2e.upstream import PATIENCE, Upstream

MEBIBYTE = 1_048_576
PIECE = bytes(range(256)) * 256
TOTAL = 96 * MEBIBYTE
HELD = 24 * MEBIBYTE
"""More than the kernel's buffers of two connections hold, far less than all."""
GROWTH = 24 * MEBIBYTE
"""Of the server's memory: an instance and the host's buffers, not the stream."""
STILL = 0.5
"""Seconds without a byte after which the upstream counts as stopped."""


def _large(exchange: Exchange) -> None:
    exchange.read_body()
    exchange.start()
    for _ in range(TOTAL // len(PIECE)):
        exchange.send(PIECE)
    exchange.finish()


def wait_still(exchange: Exchange) -> int:
    """Wait until the upstream can send no more, and return what it has sent."""
    deadline = time.monotonic() + PATIENCE
    sent = -1
    while sent != exchange.sent:
        assert time.monotonic() < deadline, "the upstream is never held up"
        sent = exchange.sent
        # That nothing happens is not an event; only time can show it.
        time.sleep(STILL)
    return sent


def read_chunked(connection: socket.socket) -> tuple[int, bytes]:
    """Read a chunked reply to its end; return its length and its SHA-256."""
    length, digest = 0, hashlib.sha256()
    with connection.makefile("rb") as reply:
        while reply.readline() != b"\r\n":
            pass
        while size := int(reply.readline(), 16):
            digest.update(reply.read(size))
            length += size
            assert reply.readline() == b"\r\n"
    return length, digest.digest()


def test_a_client_that_does_not_read(
    start_proxy: StartProxy, upstream: Upstream, capsys: pytest.CaptureFixture[str]
) -> None:
    proxy = start_proxy(LOG_LEVEL="info")
    upstream.play(_large)
    with connected(proxy) as connection:
        wait_for_head(connection)
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
    assert digest == hashlib.sha256(PIECE * (TOTAL // len(PIECE))).digest()


def test_memory_does_not_grow_with_the_stream(
    start_proxy: StartProxy, upstream: Upstream, capsys: pytest.CaptureFixture[str]
) -> None:
    proxy = start_proxy(LOG_LEVEL="info")
    upstream.play(_large)
    with connected(proxy) as connection:
        wait_for_head(connection)
        before = resident(proxy)
        with ThreadPoolExecutor(1) as reader:
            read = reader.submit(read_chunked, connection)
            highest = before
            while not read.done():
                highest = max(highest, resident(proxy))
                wait([read], timeout=0.01)
        assert read.result()[0] == TOTAL
    growth = (highest - before) / MEBIBYTE
    with capsys.disabled():
        print(f"\nmemory grew by {growth:.1f} MiB with {TOTAL // MEBIBYTE} MiB sent")
    assert highest - before < GROWTH


def wait_for_head(connection: socket.socket) -> None:
    """Wait until an instance has begun to answer; what it says stays to be read."""
    connection.recv(1, socket.MSG_PEEK)


def test_a_client_that_leaves_while_it_does_not_read(
    start_proxy: StartProxy, upstream: Upstream
) -> None:
    upstream.play(_large)
    with connected(start_proxy(LOG_LEVEL="info")) as connection:
        read_until(connection, b"\r\n\r\n")
        exchange = upstream.exchange()
        wait_still(exchange)
    assert exchange.closed.wait(2)
