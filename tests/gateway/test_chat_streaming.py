"""`POST /chat` streams: each token comes at once, and ends with the client."""

import queue
import re
import socket
import threading
import time
from contextlib import AbstractContextManager

import pytest

from tests.e2e import replies
from tests.e2e.client import connected, read_until
from tests.e2e.conftest import StartProxy
from tests.e2e.exchange import Exchange
from tests.e2e.marked import REPLY
from tests.e2e.proxy import Proxy
from tests.e2e.test_client_gone import BOUND, leave
from tests.e2e.upstream import PATIENCE, Script, Upstream
from tests.fixtures import chats
from tests.gateway.chatting import (
    CHAT,
    DONE,
    FORMATS,
    asking,
    chatting,
    encoded,
    receive,
    saying,
    text_in,
)

ORIGIN = "https://chat.example"

formats = pytest.mark.parametrize("format", FORMATS)


@formats
def test_no_token_waits_for_the_next(
    proxy: Proxy, upstream: Upstream, format: str
) -> None:
    """The upstream says a word only when the one before has been read."""
    words = [f"{REPLY} {number}." for number in range(20)]
    read = queue.Queue[None]()

    def in_step(exchange: Exchange) -> None:
        replies.say_in_step(exchange, saying(*words), read)
        exchange.send(encoded(chats.chunk({}, "stop")))
        exchange.finish()

    upstream.play(in_step)
    received = b""
    with chatting(proxy, format=format) as response:
        arriving = response.iter_raw()
        for word in words:
            while word.encode() not in received:
                received += next(arriving)
            read.put(None)
        received += b"".join(arriving)
    assert text_in(format, received) == "".join(words)


@formats
def test_the_head_does_not_wait_for_the_first_token(
    proxy: Proxy, upstream: Upstream, format: str
) -> None:
    head_read = threading.Event()

    def head_first(exchange: Exchange) -> None:
        exchange.read_body()
        exchange.start()
        assert head_read.wait(PATIENCE)
        exchange.send(saying(REPLY)[0])
        exchange.send(DONE)
        exchange.finish()

    upstream.play(head_first)
    with chatting(proxy, format=format) as response:
        assert response.status_code == 200
        head_read.set()
        assert REPLY in response.read().decode()


def test_an_event_counts_when_it_is_whole(proxy: Proxy, upstream: Upstream) -> None:
    """With its blank line, and then at once."""
    first, second = saying("first", "second")
    arrived = threading.Event()

    def half(exchange: Exchange) -> None:
        exchange.read_body()
        exchange.start()
        exchange.send(first + second[:-1])
        assert arrived.wait(PATIENCE)
        exchange.send(second[-1:] + DONE)
        exchange.finish()

    upstream.play(half)
    with chatting(proxy, format="text") as response:
        arriving = response.iter_raw()
        assert next(arriving) == b"first"
        arrived.set()
        assert b"".join(arriving) == b"second"


# ---- a client that goes away -------------------------------------------------------


def _silent_from_the_start(exchange: Exchange) -> None:
    exchange.read_body()
    exchange.start()
    exchange.wait_closed()


def _then_silent(exchange: Exchange) -> None:
    exchange.read_body()
    exchange.start()
    exchange.send(saying(REPLY)[0])
    exchange.wait_closed()


def _without_a_token(exchange: Exchange) -> None:
    exchange.read_body()
    exchange.start()
    while True:
        exchange.send(b": a sign of life\n\n")
        time.sleep(0.02)  # A pace, not a wait.


def _without_end(exchange: Exchange) -> None:
    exchange.read_body()
    exchange.start()
    while True:
        exchange.send(saying(REPLY)[0])
        time.sleep(0.02)  # A pace, not a wait.


SCRIPTS = [_silent_from_the_start, _then_silent, _without_a_token, _without_end]


@pytest.mark.parametrize(("format", "how"), [("events", "close"), ("text", "reset")])
@pytest.mark.parametrize("script", SCRIPTS)
def test_the_upstream_is_closed_when_the_client_has_gone(
    proxy: Proxy,
    upstream: Upstream,
    script: Script,
    how: str,
    format: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A read that is pending is cancelled: see `CancellableBody`."""
    upstream.play(script)
    with _connected(proxy, format=format) as connection:
        speaks = script in (_then_silent, _without_end)
        head = read_until(connection, REPLY.encode() if speaks else b"\r\n\r\n")
        left = leave(connection, how)
    exchange = upstream.exchange()
    assert exchange.closed.wait(BOUND), "the upstream still speaks to nobody"
    with capsys.disabled():
        late = (exchange.closed_at - left) * 1000
        print(f"\n{how}, {script.__name__.strip('_')}: closed after {late:.0f} ms")
    _check_line(proxy, head)


def test_also_where_a_page_asks(start_proxy: StartProxy, upstream: Upstream) -> None:
    """The router then adds headers to the provider's reply."""
    proxy = start_proxy(PROXY_CORS_ORIGINS=ORIGIN)
    upstream.play(_then_silent)
    with _connected(proxy, f"origin: {ORIGIN}") as connection:
        head = read_until(connection, REPLY.encode())
    assert b"\r\naccess-control-allow-origin: " in head
    assert upstream.exchange().closed.wait(BOUND)
    _check_line(proxy, head)


def _connected(
    proxy: Proxy, *lines: str, **fields: object
) -> AbstractContextManager[socket.socket]:
    return connected(proxy, asking(**fields), CHAT, *lines)


def _check_line(proxy: Proxy, head: bytes) -> None:
    request_id = re.search(rb"x-request-id: (\S+)", head)
    assert request_id
    line = proxy.request_line(request_id[1].decode())
    assert (line["route"], line["outcome"]) == (CHAT, "client_gone")


def test_a_client_that_leaves_a_reply_that_is_no_stream(
    start_proxy: StartProxy, upstream: Upstream
) -> None:
    """Nobody looks for the client; the silence that is allowed bounds it."""

    def script(exchange: Exchange) -> None:
        exchange.read_body()
        exchange.start(200, {"content-type": "application/json"})
        exchange.wait_closed()

    upstream.play(script)
    proxy = start_proxy(PROXY_BETWEEN_BYTES_TIMEOUT_MS="500")
    with _connected(proxy, stream=False):
        exchange = upstream.exchange()
    assert exchange.closed.wait(BOUND)


@pytest.mark.parametrize("format", ["sse-text", "events", "text"])
def test_a_character_in_two_deltas_is_one(
    proxy: Proxy, upstream: Upstream, format: str
) -> None:
    halves = [
        b'{"choices":[{"index":1,"delta":{"content":"%b"}}]}' % half
        for half in (b"a\\ud83d", b"\\udc4db")
    ]
    events = [b"data: " + half + b"\n\n" for half in halves]
    last = b'data: {"choices":[{"index":1,"delta":{},"finish_reason":"stop"}]}\n\n'
    upstream.play(replies.stream([*events, last, DONE]))
    answer = receive(proxy, format=format)
    assert text_in(format, answer.body) == "a\U0001f44db"
