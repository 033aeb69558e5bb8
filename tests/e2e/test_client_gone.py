"""A client that goes away: the upstream's connection is closed within a second."""

import re
import socket
import struct
import time

import pytest

from tests.e2e import replies
from tests.e2e.client import connected, read_until
from tests.e2e.conftest import StartProxy
from tests.e2e.exchange import Exchange
from tests.e2e.marked import chunks
from tests.e2e.proxy import Edition, Proxy
from tests.e2e.upstream import Script, Upstream

BOUND = 2.0
"""Seconds. The promise is one; a busy machine gets another."""
FIRST = chunks(1)[0]


def _then_silent(exchange: Exchange) -> None:
    exchange.read_body()
    exchange.start()
    exchange.send(FIRST)
    exchange.wait_closed()


def _without_end(exchange: Exchange) -> None:
    exchange.read_body()
    exchange.start()
    while True:
        exchange.send(FIRST)
        time.sleep(0.02)  # A pace, not a wait.


def leave(connection: socket.socket, how: str) -> float:
    if how == "reset":
        linger = struct.pack("ii", 1, 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    connection.close()
    return time.monotonic()


@pytest.mark.parametrize("how", ["close", "reset"])
@pytest.mark.parametrize("script", [_then_silent, _without_end])
def test_the_upstream_is_closed(
    edition: Edition,
    proxy: Proxy,
    upstream: Upstream,
    script: Script,
    how: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    upstream.play(script)
    with connected(proxy) as connection:
        head = read_until(connection, FIRST)
        left = leave(connection, how)
    exchange = upstream.exchange()
    assert exchange.closed.wait(BOUND), "the upstream still sends to nobody"
    with capsys.disabled():
        late = (exchange.closed_at - left) * 1000
        print(f"\n{how}, {script.__name__.strip('_')}: closed after {late:.0f} ms")
    request_id = re.search(rb"x-request-id: (\S+)", head)
    assert request_id
    assert proxy.request_line(request_id[1].decode())["outcome"] == edition.outcome(
        "client_gone"
    )


def test_before_the_head_the_first_byte_timeout_bounds_it(
    start_proxy: StartProxy, upstream: Upstream
) -> None:
    """WASI 0.2 shows a client's absence only to who writes to it."""
    upstream.play(replies.silent)
    proxy = start_proxy(PROXY_FIRST_BYTE_TIMEOUT_MS="500", PROXY_MAX_RETRIES="0")
    with connected(proxy):
        exchange = upstream.exchange()
    assert exchange.closed.wait(BOUND)
