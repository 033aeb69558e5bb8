"""Errors that the upstream answers with: same status, the wire's own shape."""

import json

import pytest

from tests.e2e import replies
from tests.e2e.client import TEXT, ask, error_of
from tests.e2e.conftest import StartProxy
from tests.e2e.exchange import Exchange
from tests.e2e.marked import KEY, REPLY
from tests.e2e.proxy import Proxy
from tests.e2e.upstream import Upstream

STATUSES = [400, 403, 404, 409, 422, 429, 500, 503]
RETRIED = {409, 429, 500, 503}
OTHER_BODIES = {
    "html": (b"<html><h1>%b</h1></html>" % REPLY.encode(), None),
    "plain": (REPLY.encode(), None),
    "empty": (b"", None),
    "not UTF-8": (b"\xff\xfe" + REPLY.encode(), None),
    "error is text": (json.dumps({"error": REPLY}).encode(), REPLY),
    "message": (json.dumps({"message": REPLY}).encode(), REPLY),
    "detail": (json.dumps({"detail": REPLY}).encode(), REPLY),
    "two members": (
        json.dumps({"error": {"message": REPLY, "type": "t"}}).encode(),
        REPLY,
    ),
}


def _type(status: int) -> str:
    return "server_error" if status >= 500 else "invalid_request_error"


@pytest.mark.parametrize("status", STATUSES)
def test_an_openai_error_passes_unchanged(
    proxy: Proxy, upstream: Upstream, status: int
) -> None:
    body = replies.openai_error(f"{REPLY} für £", "some_type", "some_code")
    upstream.play(replies.answer(status, body))
    response = ask(proxy)
    assert response.status_code == status
    assert response.content == body
    assert error_of(response)["code"] == "some_code"
    assert len(upstream.exchanges) == (3 if status in RETRIED else 1)


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("kind", OTHER_BODIES)
def test_another_error_is_rebuilt(
    proxy: Proxy, upstream: Upstream, status: int, kind: str
) -> None:
    body, message = OTHER_BODIES[kind]
    upstream.play(replies.answer(status, body))
    response = ask(proxy)
    error = error_of(response)
    assert response.status_code == status
    assert error["type"] == ("t" if kind == "two members" else _type(status))
    assert (error["param"], error["code"]) == (None, None)
    if message is None:
        assert str(status) in error["message"]
        assert REPLY not in error["message"]
    else:
        assert error["message"] == message


def test_a_429_says_when_to_come_back(proxy: Proxy, upstream: Upstream) -> None:
    body = replies.openai_error(REPLY, "tokens", "rate_limit_exceeded")
    upstream.play(replies.answer(429, body, replies.JSON | {"retry-after": "7"}))
    response = ask(proxy)
    assert (response.status_code, response.content) == (429, body)
    assert response.headers["retry-after"] == "7"


@pytest.mark.parametrize(
    "body",
    [
        replies.openai_error(f"Incorrect API key provided: {KEY}.", "t", KEY),
        json.dumps({"error": f"no such key: {KEY}"}).encode(),
    ],
    ids=["openai", "other"],
)
def test_a_key_in_an_error_is_redacted(
    proxy: Proxy, upstream: Upstream, body: bytes
) -> None:
    upstream.play(replies.answer(403, body))
    response = ask(proxy)
    assert response.status_code == 403
    assert KEY not in response.text
    assert "[redacted]" in error_of(response)["message"]


ESCAPED = {
    "JSON": "".join(f"\\u{ord(character):04x}" for character in KEY),
    "a URL": "".join(f"%{ord(character):02X}" for character in KEY),
}


@pytest.mark.parametrize("written", ESCAPED.values(), ids=ESCAPED)
def test_an_escaped_key_in_an_error_is_redacted(
    proxy: Proxy, upstream: Upstream, written: str
) -> None:
    body = replies.openai_error("KEY was refused", "t", "c").replace(
        b"KEY", written.encode()
    )
    upstream.play(replies.answer(403, body))
    response = ask(proxy)
    assert (response.status_code, error_of(response)["code"]) == (403, "c")
    assert "[redacted]" in error_of(response)["message"]
    assert written not in response.text and KEY not in response.text


@pytest.mark.parametrize("status", [200, 403])
@pytest.mark.parametrize("written", [KEY, ESCAPED["a URL"]], ids=["plain", "a URL"])
def test_a_key_in_a_header_reaches_neither_client_nor_log(
    proxy: Proxy, upstream: Upstream, status: int, written: str
) -> None:
    named = {"x-request-id": written, "openai-project": written, "openai-model": "m"}
    upstream.play(replies.answer(status, b"{}", replies.JSON | named))
    response = ask(proxy)
    assert response.status_code == status
    assert response.headers["openai-model"] == "m"
    assert written not in str(response.headers)
    assert proxy.request_line(response.headers["x-request-id"])
    assert written not in proxy.text()


@pytest.mark.parametrize("value", ["not an id", "x" * 129, '","evil":"'])
def test_what_is_no_request_id_is_not_logged(
    proxy: Proxy, upstream: Upstream, value: str
) -> None:
    upstream.play(replies.answer(403, headers={"x-request-id": value}))
    own = ask(proxy).headers["x-request-id"]
    assert own.startswith("req_") and len(own) == 36
    assert proxy.request_line(own)["status"] == 403
    assert value not in proxy.text()


def test_a_short_key_is_not_searched_for(
    start_proxy: StartProxy, upstream: Upstream
) -> None:
    """It would be found in any text; the log says so."""
    body = replies.openai_error("more than 8192 tokens", "t", "c")
    upstream.play(replies.answer(400, body))
    proxy = start_proxy(OPENAI_API_KEY="k")
    assert ask(proxy).content == body
    [notice] = proxy.log_lines("short_key")
    assert "fewer than 8 characters" in notice["notice"]


def test_a_refused_key_is_told_as_the_proxys(proxy: Proxy, upstream: Upstream) -> None:
    said = f"Incorrect API key provided: {KEY[:8]}***{KEY[-4:]}. Get one at {REPLY}."
    body = replies.openai_error(said, "invalid_request_error", "invalid_api_key")
    upstream.play(replies.answer(401, body))
    response = ask(proxy)
    error = error_of(response)
    assert (response.status_code, error["code"]) == (401, "upstream_key_refused")
    assert "its operator" in error["message"]
    assert KEY[:8] not in response.text and REPLY not in response.text
    line = proxy.request_line(response.headers["x-request-id"])
    assert line["status"] == 401


@pytest.mark.parametrize("status", [302, 304])
def test_neither_reply_nor_error_is_a_502(
    proxy: Proxy, upstream: Upstream, status: int
) -> None:
    upstream.play(replies.answer(status, headers={"location": "http://127.0.0.1:1/"}))
    response = ask(proxy)
    assert response.status_code == 502
    assert error_of(response)["code"] == "upstream_status"
    assert str(status) in error_of(response)["message"]


def test_an_encoded_reply_is_a_502_for_who_cannot_read_it(
    proxy: Proxy, upstream: Upstream
) -> None:
    encoded = {"content-type": "text/event-stream", "content-encoding": "gzip"}
    upstream.play(replies.answer(200, b"\x1f\x8b" + b"\0" * 20, encoded))
    response = ask(proxy, headers=TEXT | {"accept-encoding": "identity"})
    assert response.status_code == 502
    assert error_of(response)["code"] == "upstream_encoding"
    assert upstream.exchange().request.headers["accept-encoding"] == "identity"


def test_an_endless_error_is_cut_off(proxy: Proxy, upstream: Upstream) -> None:
    def endless(exchange: Exchange) -> None:
        exchange.read_body()
        exchange.start(400, replies.JSON)
        while True:
            exchange.send(REPLY.encode() * 100)

    upstream.play(endless)
    response = ask(proxy)
    assert response.status_code == 400
    assert str(400) in error_of(response)["message"]
    assert upstream.exchange().closed.wait(5)


def test_a_413_before_the_prompt_is_taken(proxy: Proxy, upstream: Upstream) -> None:
    body = replies.openai_error(REPLY, "invalid_request_error", "too_large")

    def refuse(exchange: Exchange) -> None:
        headers = replies.JSON | {"content-length": str(len(body))}
        exchange.start_plain(413, headers)
        exchange.write(body)
        # Reads what the proxy has sent after all: a reset would race with the answer.
        exchange.wait_closed()

    upstream.play(refuse)
    response = ask(proxy, "x" * 1_048_576)
    assert (response.status_code, response.content) == (413, body)
    assert len(upstream.exchanges) == 1
