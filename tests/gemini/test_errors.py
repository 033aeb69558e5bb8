"""Gemini's errors are OpenAI's to the client, and say in headers when to come back."""

import json

import pytest

from scripts.check_logs import KEY_MARK
from tests.e2e import replies
from tests.e2e.client import error_of
from tests.e2e.conftest import StartProxy
from tests.e2e.marked import KEY, REPLY
from tests.e2e.proxy import Proxy
from tests.e2e.upstream import Upstream
from tests.gemini.asking import Way, in_each_way
from tests.gemini.google import FRAMES, WORDS, error, refuse

pytestmark = in_each_way

RETRIED = {429, 500, 503}
ATTEMPTS = 3
"""With the tests' usual settings."""
PATIENT = {
    "PROXY_RETRY_INITIAL_DELAY_MS": "600000",
    "PROXY_RETRY_MAX_DELAY_MS": "600000",
}
"""A delay of its own that is longer than a request may take: no retry comes of it."""
NO_REASON = {
    "html": b"<html><h1>Error</h1></html>",
    "nothing": b"",
    "an empty array": b"[]",
    "no message": b'{"error": {"code": 500, "status": "INTERNAL"}}',
    "not UTF-8": b"\xff\xfe",
    "too deep": b"[" * 50_000,
}


@pytest.mark.parametrize("in_array", [False, True], ids=["object", "array"])
@pytest.mark.parametrize("status", WORDS)
def test_each_error_has_openais_shape(
    proxy: Proxy, upstream: Upstream, way: Way, status: int, in_array: bool
) -> None:
    upstream.play(refuse(status, f"{REPLY} für £", in_array=in_array))
    response = way.ask(proxy)
    assert response.status_code == status
    assert error_of(response) == {
        "message": f"{REPLY} für £",
        "type": "server_error" if status >= 500 else "invalid_request_error",
        "param": None,
        "code": WORDS[status],
    }
    assert "retry-after" not in response.headers
    targets = {exchange.request.target for exchange in upstream.exchanges}
    assert targets == {way.target}
    assert len(upstream.exchanges) == (ATTEMPTS if status in RETRIED else 1)


@pytest.mark.parametrize("in_array", [False, True], ids=["object", "array"])
@pytest.mark.parametrize("status", [429, 503])
def test_a_long_wait_is_the_clients(
    proxy: Proxy, upstream: Upstream, way: Way, status: int, in_array: bool
) -> None:
    upstream.play(refuse(status, delay="40.2s", in_array=in_array))
    response = way.ask(proxy)
    assert (response.status_code, error_of(response)["message"]) == (status, REPLY)
    assert response.headers["retry-after-ms"] == "40200"
    assert response.headers["retry-after"] == "41"
    assert "x-should-retry" not in response.headers
    assert len(upstream.exchanges) == 1


@pytest.mark.parametrize("in_array", [False, True], ids=["object", "array"])
def test_a_short_wait_is_ours(
    start_proxy: StartProxy, upstream: Upstream, way: Way, in_array: bool
) -> None:
    proxy = start_proxy(**PATIENT)
    busy = refuse(429, delay="0.002s", in_array=in_array)
    upstream.play(replies.in_turn(busy, busy, replies.stream(FRAMES)))
    response = way.ask(proxy)
    assert response.status_code == 200
    assert (response.content == b"".join(FRAMES)) is way.relays
    first, *others = upstream.exchanges
    assert [(other.request, other.body) for other in others] == [
        (first.request, first.body)
    ] * 2
    line = proxy.request_line(response.headers["x-request-id"])
    assert line["retries"] == 2


def test_without_a_wait_that_is_asked_for_ours_is_too_long(
    start_proxy: StartProxy, upstream: Upstream, way: Way
) -> None:
    """Else the test above would prove nothing."""
    upstream.play(replies.in_turn(refuse(429), replies.stream(FRAMES)))
    assert way.ask(start_proxy(**PATIENT)).status_code == 429
    assert len(upstream.exchanges) == 1


def test_out_of_retries(proxy: Proxy, upstream: Upstream, way: Way) -> None:
    first = refuse(429, "the first", delay="0.001s")
    last = refuse(429, "the last", delay="0.0015s")
    upstream.play(replies.in_turn(first, first, last))
    response = way.ask(proxy)
    assert error_of(response)["message"] == "the last"
    assert response.headers["retry-after-ms"] == "2"
    assert response.headers["retry-after"] == "1"
    assert response.headers["x-should-retry"] == "false"
    assert len(upstream.exchanges) == ATTEMPTS


def test_a_header_gives_way_to_the_body(
    proxy: Proxy, upstream: Upstream, way: Way
) -> None:
    headers = replies.JSON | {"retry-after": "0.001"}
    upstream.play(replies.answer(429, error(429, delay="40.2s"), headers))
    response = way.ask(proxy)
    assert response.headers.get_list("retry-after") == ["41"]
    assert response.headers.get_list("retry-after-ms") == ["40200"]
    assert len(upstream.exchanges) == 1


@pytest.mark.parametrize("body", NO_REASON.values(), ids=NO_REASON)
def test_a_body_of_no_shape_is_built_anew(
    proxy: Proxy, upstream: Upstream, way: Way, body: bytes
) -> None:
    upstream.play(replies.answer(400, body))
    response = way.ask(proxy)
    told = error_of(response)
    assert (response.status_code, told["type"]) == (400, "invalid_request_error")
    assert "400 (Bad Request) and gave no reason" in told["message"]


@pytest.mark.parametrize(
    "body",
    [
        error(400, f"API key not valid: {KEY}."),
        error(400, f"API key not valid: {KEY}.", in_array=True),
        json.dumps({"message": f"no such key: {KEY}"}).encode(),
        replies.openai_error(f"Incorrect API key provided: {KEY}.", "t", KEY),
    ],
    ids=["object", "array", "another", "openai"],
)
def test_the_key_does_not_come_back(
    proxy: Proxy, upstream: Upstream, way: Way, body: bytes
) -> None:
    upstream.play(replies.answer(400, body, replies.JSON | {"x-goog-api-key": KEY}))
    response = way.ask(proxy)
    assert response.status_code == 400
    assert "[redacted]" in error_of(response)["message"]
    assert KEY_MARK not in response.text + repr(response.headers)


def test_an_upstream_that_cannot_be_reached(
    proxy: Proxy, upstream: Upstream, way: Way
) -> None:
    upstream.play(replies.reset)
    response = way.ask(proxy)
    told = error_of(response)
    assert (response.status_code, told["code"]) == (502, "upstream_unreachable")
    assert response.headers["x-should-retry"] == "false"
    assert len(upstream.exchanges) == ATTEMPTS
