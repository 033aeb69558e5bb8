"""An upstream that gives no reply: `POST /chat` answers with an error, as all do."""

import pytest

from tests.e2e import replies
from tests.e2e.client import error_of
from tests.e2e.exchange import Exchange
from tests.e2e.marked import KEY, REPLY
from tests.e2e.proxy import Proxy
from tests.e2e.upstream import Upstream
from tests.gateway.chatting import ask, whole

streams = pytest.mark.parametrize("stream", [True, False])


@streams
@pytest.mark.parametrize(("status", "requests"), [(400, 1), (429, 3), (503, 3)])
def test_an_error_instead_of_a_reply(
    proxy: Proxy, upstream: Upstream, status: int, requests: int, stream: bool
) -> None:
    body = replies.openai_error(REPLY, "some_type", "some_code")
    upstream.play(replies.answer(status, body, replies.JSON | {"retry-after": "0"}))
    response = ask(proxy, stream=stream)
    assert (response.status_code, response.content) == (status, body)
    assert error_of(response)["code"] == "some_code"
    assert response.headers["retry-after"] == "0"
    assert len(upstream.exchanges) == requests
    assert ("x-should-retry" in response.headers) == (requests > 1)
    line = proxy.request_line(response.headers["x-request-id"])
    assert (line["status"], line["retries"]) == (status, requests - 1)


@streams
def test_a_key_in_an_error_is_redacted(
    proxy: Proxy, upstream: Upstream, stream: bool
) -> None:
    body = replies.openai_error(f"Incorrect key: {KEY}.", "t", KEY)
    upstream.play(replies.answer(403, body))
    response = ask(proxy, stream=stream)
    assert response.status_code == 403
    assert error_of(response)["message"] == "Incorrect key: [redacted]."
    assert KEY not in response.text


def test_another_error_is_rebuilt(proxy: Proxy, upstream: Upstream) -> None:
    upstream.play(replies.answer(404, b"<html>", {"content-type": "text/html"}))
    response = ask(proxy)
    assert response.status_code == 404
    assert "404" in error_of(response)["message"]


def test_success_after_failures(proxy: Proxy, upstream: Upstream) -> None:
    upstream.play(
        replies.in_turn(replies.reset, replies.answer(500), replies.stream(whole()))
    )
    response = ask(proxy, format="text")
    assert (response.status_code, response.text) == (200, REPLY)
    assert proxy.request_line(response.headers["x-request-id"])["retries"] == 2


@streams
def test_no_reply_at_all(proxy: Proxy, upstream: Upstream, stream: bool) -> None:
    upstream.play(replies.reset)
    response = ask(proxy, stream=stream)
    assert (response.status_code, error_of(response)["code"]) == (
        502,
        "upstream_unreachable",
    )


# What is no reply is an error of the gateway's own, where nothing has been sent yet.
NO_REPLIES = {
    "HTML": (b"<html>%b</html>" % REPLY.encode(), "upstream_invalid_reply"),
    "nothing": (b"", "upstream_invalid_reply"),
    "another object": (b'{"object":"list","data":[]}', "upstream_invalid_reply"),
    "deep": (b'{"choices":' + b"[" * 100_000, "upstream_invalid_reply"),
    "UTF-16": (REPLY.encode("utf-16"), "upstream_invalid_reply"),
    "an error": (
        replies.openai_error(f"{KEY} is wrong", "t", "of_its_own"),
        "of_its_own",
    ),
    "9 MiB": (b" " * 9_000_000, "upstream_reply_too_large"),
}


@pytest.mark.parametrize("kind", NO_REPLIES)
def test_what_is_no_reply(proxy: Proxy, upstream: Upstream, kind: str) -> None:
    body, code = NO_REPLIES[kind]
    # An empty chunk would end the body, and leave its real end to be a surprise.
    upstream.play(replies.stream([body] if body else [], replies.JSON))
    response = ask(proxy, stream=False)
    assert (response.status_code, error_of(response)["code"]) == (502, code)
    assert REPLY not in response.text
    assert KEY not in response.text
    line = proxy.request_line(response.headers["x-request-id"])
    assert line["cause"] == ("upstream_error" if kind == "an error" else code)


def test_a_reply_that_breaks_off(proxy: Proxy, upstream: Upstream) -> None:
    def script(exchange: Exchange) -> None:
        exchange.read_body()
        exchange.start(200, replies.JSON)
        exchange.send(b'{"choices":[')

    upstream.play(script)
    response = ask(proxy, stream=False)
    assert (response.status_code, error_of(response)["code"]) == (
        502,
        "upstream_broken",
    )
