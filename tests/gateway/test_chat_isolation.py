"""Fifteen chats in one instance: nothing that goes wrong beside them harms them."""

import socket
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.e2e import replies
from tests.e2e.client import connecting, read_until
from tests.e2e.exchange import Exchange
from tests.e2e.proxy import Proxy
from tests.e2e.test_client_gone import leave
from tests.e2e.upstream import Script, Upstream
from tests.gateway.chatting import CHAT, FORMATS, asking, saying
from tests.gateway.companions import Companions, companions
from tests.gateway.poisons import CHATS, CHUNKS, REPLIES
from tests.gateway.raw import answer, request
from tests.gateway.test_isolation import INSTANCES, proxy

__all__ = ["proxy"]

FIRST = saying("first")[0]


@pytest.fixture
def beside(proxy: Proxy, upstream: Upstream) -> Iterator[Companions]:
    """Fifteen streams of one instance, which have to stay whole."""
    with companions(proxy, upstream, targets=(CHAT,)) as beside:
        # Each instance says once that it is open to all.
        assert len(proxy.log_lines("open")) <= INSTANCES
        yield beside


def _received(proxy: Proxy, sent: bytes, name: str) -> bytes:
    """Ask, and check that what comes back is no sign of a defect."""
    received = b""
    with suppress(ConnectionResetError):
        received = answer(proxy, sent)
    assert b"internal_error" not in received, name
    assert b"<html>" not in received, name
    return received


def test_strange_requests(proxy: Proxy, beside: Companions) -> None:
    beside.others = replies.stream([FIRST])
    for name, sent in CHATS.items():
        received = _received(proxy, sent, name)
        assert received.startswith(b"HTTP/1.1 "), name
        beside.step()


@pytest.mark.parametrize("format", [*FORMATS, None])
def test_strange_replies(proxy: Proxy, beside: Companions, format: str | None) -> None:
    asked = {"format": format} if format else {"stream": False}
    sent = request("POST", CHAT, body=asking(**asked).encode())
    for name, script in {**REPLIES, **CHUNKS}.items():
        beside.others = script
        _received(proxy, sent, name)
        beside.step()


def _silent(exchange: Exchange) -> None:
    exchange.read_body()
    exchange.start()
    exchange.send(FIRST)
    exchange.wait_closed()


def _endless(exchange: Exchange) -> None:
    exchange.read_body()
    exchange.start()
    while True:
        exchange.send(FIRST)


@pytest.mark.parametrize("how", ["close", "reset"])
@pytest.mark.parametrize("script", [_silent, _endless])
def test_clients_that_leave(
    proxy: Proxy, upstream: Upstream, beside: Companions, script: Script, how: str
) -> None:
    beside.others = script
    for format in FORMATS:
        before = len(upstream.exchanges)
        with connecting(proxy) as connection:
            body = asking(format=format).encode()
            connection.sendall(request("POST", CHAT, body=body))
            exchange = upstream.exchange(before)
            read_until(connection, b"first")
            leave(connection, how)
        assert exchange.closed.wait(2)
        beside.step()


@pytest.mark.parametrize("shutdown", [False, True], ids=["gone", "half-closed"])
def test_broken_uploads(proxy: Proxy, beside: Companions, shutdown: bool) -> None:
    beside.others = replies.stream([FIRST])
    for length in (20, 3_000_000):
        with connecting(proxy) as connection, suppress(ConnectionResetError):
            connection.sendall(request("POST", CHAT, body=b"{", length=length))
            if shutdown:
                connection.shutdown(socket.SHUT_WR)
                received = connection.makefile("rb").read()
                assert received.startswith(b"HTTP/1.1 400 ")
        beside.step()
