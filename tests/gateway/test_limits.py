"""Where the gateway waits, and what it cannot hold: bounded, and said as it is."""

import json
import time

import pytest

from tests.e2e import replies
from tests.e2e.client import ask, connecting, error_of, send
from tests.e2e.conftest import StartProxy
from tests.e2e.exchange import Exchange
from tests.e2e.marked import REPLY
from tests.e2e.proxy import ROUTE, Proxy
from tests.e2e.test_broken_upstream import FIRST, received_before_a_break
from tests.e2e.upstream import Upstream
from tests.gateway.poisons import MODELS, STORED
from tests.gateway.raw import answer, request, status
from tests.gateway.uploading import uploading

routes = pytest.mark.parametrize("target", [ROUTE, "/v1/responses"])


def test_a_silent_error_is_given_up_after_the_silence_that_is_allowed(
    start_proxy: StartProxy, upstream: Upstream
) -> None:
    def silent(exchange: Exchange) -> None:
        exchange.read_body()
        exchange.start(400, replies.JSON)
        exchange.send(b'{"error":')
        exchange.wait_closed()

    upstream.play(silent)
    response = ask(start_proxy(PROXY_BETWEEN_BYTES_TIMEOUT_MS="300"), patience=5)
    assert response.status_code == 400
    assert "400" in error_of(response)["message"]
    assert upstream.exchange().closed.wait(2)


def test_an_error_that_drips_is_given_up(
    start_proxy: StartProxy, upstream: Upstream
) -> None:
    def drip(exchange: Exchange) -> None:
        exchange.read_body()
        exchange.start(400, replies.JSON)
        while True:
            exchange.send(b" ")
            time.sleep(0.05)  # A pace, not a wait.

    upstream.play(drip)
    assert ask(start_proxy(), patience=4).status_code == 400


@pytest.mark.xfail(reason="the host does not tell the guest; it waits for a head")
@routes
def test_a_client_that_leaves_before_the_head(
    start_proxy: StartProxy, upstream: Upstream, target: str
) -> None:
    upstream.play(replies.silent)
    proxy = start_proxy(PROXY_FIRST_BYTE_TIMEOUT_MS="3000", PROXY_MAX_RETRIES="0")
    with connecting(proxy) as connection:
        connection.sendall(request("POST", target, body=b"x"))
        exchange = upstream.exchange()
    assert exchange.closed.wait(2)


@routes
def test_an_error_with_half_a_surrogate_pair(
    proxy: Proxy, upstream: Upstream, target: str
) -> None:
    body = json.dumps({"error": {"message": f"{REPLY} \ud800", "type": "t"}})
    upstream.play(replies.answer(400, body.encode()))
    response = send(proxy, "POST", target, content=b"x")
    assert response.status_code == 400
    assert REPLY in error_of(response)["message"]


def test_headers_that_are_too_large_to_go_up(proxy: Proxy) -> None:
    lines = (b"accept-%d: %b" % (number, b"x" * 8000) for number in range(20))
    assert status(answer(proxy, request("GET", MODELS, *lines))) == 431


def test_headers_that_are_too_large_to_come_down(
    proxy: Proxy, upstream: Upstream
) -> None:
    headers = {f"openai-{number}": "x" * 8000 for number in range(20)}
    upstream.play(replies.answer(200, b"{}", headers))
    assert send(proxy, "GET", MODELS).status_code == 502


def test_an_early_503_is_answered_within_the_total_time(
    start_proxy: StartProxy, upstream: Upstream
) -> None:
    def refuse(exchange: Exchange) -> None:
        exchange.start_plain(503, {"content-length": "0"})
        exchange.wait_closed()

    upstream.play(refuse)
    proxy = start_proxy(PROXY_TOTAL_TIMEOUT_MS="500")
    with uploading(proxy, 100) as upload:
        upload.send(b"half")
        upload.connection.settimeout(2)
        assert upload.connection.recv(65536).startswith(b"HTTP/1.1 503 ")


def test_a_chunked_delete_keeps_its_body(
    start_proxy: StartProxy, upstream: Upstream
) -> None:
    upstream.play(replies.answer(200, b"{}"))
    send(
        start_proxy(PROXY_ALLOWED_PATHS="*"),
        "DELETE",
        "/v1/responses/x",
        content=iter([b"body"]),
    )
    assert upstream.exchange().body == b"body"


def test_a_chunked_get_is_refused(proxy: Proxy) -> None:
    response = send(proxy, "GET", STORED, content=iter([b"body"]))
    assert (response.status_code, error_of(response)["code"]) == (
        411,
        "length_required",
    )


def test_a_break_is_seen_whatever_it_overtakes(
    proxy: Proxy, upstream: Upstream
) -> None:
    """Bytes of the very moment of a break may be lost: it is the host that relays."""
    parts = [*received_before_a_break(proxy, upstream)]
    assert len(parts) == 10
    assert all(FIRST.startswith(part) for part in parts)


def test_a_break_is_an_end_in_http_1_0(proxy: Proxy, upstream: Upstream) -> None:
    """It has no other word: what a reply's length is, its connection's end says."""

    def cut(exchange: Exchange) -> None:
        exchange.read_body()
        exchange.start()
        exchange.send(FIRST)

    upstream.play(cut)
    asked = request("POST", "/v1/responses").replace(b"HTTP/1.1", b"HTTP/1.0", 1)
    head, _, body = answer(proxy, asked).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.0 200 ")
    assert b"transfer-encoding" not in head and b"content-length" not in head
    assert FIRST.startswith(body)


def test_a_head_that_a_break_follows_at_once(proxy: Proxy, upstream: Upstream) -> None:
    """The host may lose it, but not once a piece of the body has come as well."""

    def head_alone(exchange: Exchange) -> None:
        exchange.read_body()
        exchange.start()
        exchange.reset()

    def with_a_piece(exchange: Exchange) -> None:
        exchange.read_body()
        exchange.start()
        exchange.send(FIRST)
        exchange.reset()

    asked = request("POST", "/v1/responses")
    upstream.play(head_alone)
    for _ in range(5):
        received = answer(proxy, asked)
        assert received == b"" or status(received) == 200
        assert not received.endswith(b"0\r\n\r\n"), "a clean end"
    upstream.play(with_a_piece)
    assert [status(answer(proxy, asked)) for _ in range(5)] == [200] * 5
