"""One instance serves many streams: nothing that goes wrong in one harms the others."""

import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from tests.e2e import replies
from tests.e2e.client import connecting, read_until
from tests.e2e.conftest import StartProxy
from tests.e2e.exchange import Exchange
from tests.e2e.proxy import Proxy
from tests.e2e.upstream import Script, Upstream
from tests.gateway.companions import Companions, companions
from tests.gateway.poisons import (
    CHUNKED,
    MODELS,
    REPLIES,
    REQUESTS,
    RESPONSES,
    STORED,
)
from tests.gateway.raw import answer, request

ENDED = ("wasm trap", "worker failed", "panicked", '"event":"defect"', "Traceback")
"""What the log says when an instance has ended, or nearly."""
INSTANCES = 2
"""Nearly all streams are in one instance; a request that finds it busy gets another."""


SENT = [request("GET", STORED), request("GET", MODELS), REQUESTS["no type"]]
"""By way of the host, by way of the guest, and by the other route."""


@pytest.fixture
def proxy(start_proxy: StartProxy) -> Iterator[Proxy]:
    """A fresh server, whose log must tell of no instance that came to harm."""
    proxy = start_proxy(
        LOG_LEVEL="info",
        PROXY_MAX_RETRIES="1",
        PROXY_RETRY_MAX_DELAY_MS="50",
        PROXY_FIRST_BYTE_TIMEOUT_MS="1000",
    )
    yield proxy
    assert not [sign for sign in ENDED if sign in proxy.text()]


@pytest.fixture
def beside(proxy: Proxy, upstream: Upstream) -> Iterator[Companions]:
    """Fifteen streams of one instance, which have to stay whole."""
    with companions(proxy, upstream) as beside:
        # Each instance says once that it is open to all.
        assert len(proxy.log_lines("open")) <= INSTANCES
        yield beside


def _small(exchange: Exchange) -> None:
    exchange.read_body()
    exchange.start_plain(200, {"content-length": "2"})
    exchange.write(b"ok")


def _received(proxy: Proxy, sent: bytes) -> bytes:
    with suppress(ConnectionResetError):
        return answer(proxy, sent)
    return b""


def _check_defined(received: bytes, name: str) -> None:
    assert b"internal_error" not in received, name
    assert b"<html>" not in received, name


def test_strange_requests(proxy: Proxy, beside: Companions) -> None:
    beside.others = _small
    for name, sent in REQUESTS.items():
        received = _received(proxy, sent)
        assert received.startswith(b"HTTP/1."), name
        _check_defined(received, name)
        beside.step()


@pytest.mark.parametrize("sent", SENT)
def test_strange_replies(proxy: Proxy, beside: Companions, sent: bytes) -> None:
    for name, script in REPLIES.items():
        beside.others = script
        _check_defined(_received(proxy, sent), name)
        beside.step()


DEEP = {
    "lists": b"[" * 65_000,
    "objects": b'{"error":' * 7000,
    "a few lists": b"[" * 2000,
}


@pytest.mark.parametrize("kind", DEEP)
def test_errors_nested_deeply(
    start_proxy: StartProxy, upstream: Upstream, kind: str
) -> None:
    proxy = start_proxy(LOG_LEVEL="info")
    with companions(proxy, upstream) as beside:
        beside.others = replies.answer(400, DEEP[kind])
        received = _received(proxy, request("GET", MODELS))
    assert received.startswith(b"HTTP/1.1 400 ")
    assert "wasm trap" not in proxy.text()


def _silent(exchange: Exchange) -> None:
    exchange.read_body()
    exchange.wait_closed()


def _mute(exchange: Exchange) -> None:
    exchange.read_body()
    exchange.start()
    exchange.send(b"data: 1\n\n")
    exchange.wait_closed()


def _endless(exchange: Exchange) -> None:
    exchange.read_body()
    exchange.start()
    while True:
        exchange.send(b"data: 1\n\n")


def _reset(connection: socket.socket) -> None:
    linger = struct.pack("ii", 1, 0)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    connection.close()


@pytest.mark.parametrize("leave", [socket.socket.close, _reset])
def test_clients_that_leave(
    proxy: Proxy,
    upstream: Upstream,
    beside: Companions,
    leave: Callable[[socket.socket], None],
) -> None:
    scripts: tuple[Script, ...] = (_mute, _endless, _silent)
    for script in scripts:
        beside.others = script
        for sent in (request("GET", STORED), REQUESTS["no type"]):
            before = len(upstream.exchanges)
            with connecting(proxy) as connection:
                connection.sendall(sent)
                exchange = upstream.exchange(before)
                if script is not _silent:
                    read_until(connection, b"data: 1\n\n")
                leave(connection)
            # Before the head the first-byte timeout bounds it.
            assert exchange.closed.wait(2), script.__name__
            beside.step()


BROKEN = {
    "less than its length": RESPONSES + b"content-length: 9\r\n\r\nhalf",
    "much less": RESPONSES + b"content-length: 3000000\r\n\r\nhalf",
    "in a chunk": CHUNKED + b"\r\n9\r\nhalf",
    "between chunks": CHUNKED + b"\r\n4\r\nhalf\r\n",
    "no chunk": CHUNKED + b"\r\nzz\r\n",
    "a prompt": REQUESTS["no type"].replace(b"length: 1", b"length: 9"),
}


@pytest.mark.parametrize("shutdown", [False, True], ids=["gone", "half-closed"])
def test_broken_uploads(proxy: Proxy, beside: Companions, shutdown: bool) -> None:
    beside.others = _small
    for name, sent in BROKEN.items():
        with connecting(proxy) as connection, suppress(ConnectionResetError):
            connection.sendall(sent)
            if shutdown:
                connection.shutdown(socket.SHUT_WR)
                received = connection.makefile("rb").read()
                assert not received.startswith(b"HTTP/1.1 2"), name
                _check_defined(received, name)
        beside.step()


def test_failures_of_the_upstream(proxy: Proxy, beside: Companions) -> None:
    def cut(exchange: Exchange) -> None:
        exchange.read_body()
        exchange.start()
        exchange.send(b"data: 1\n\n")

    for script in (cut, replies.reset, replies.answer(500), replies.answer(429)):
        beside.others = script
        for sent in SENT:
            _check_defined(_received(proxy, sent), "a failure")
        beside.step()
