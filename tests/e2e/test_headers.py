"""Which headers pass, both ways."""

import pytest

from scripts.check_logs import KEY_MARK
from tests.e2e import replies
from tests.e2e.client import TEXT, ask
from tests.e2e.exchange import EVENT_STREAM
from tests.e2e.loops import via_to
from tests.e2e.marked import CLIENT_SECRET, KEY, REPLY
from tests.e2e.proxy import Proxy
from tests.e2e.upstream import Upstream

PASSED = {
    "x-request-id": "req_from_upstream",
    "x-ratelimit-limit-requests": "60",
    "x-ratelimit-remaining-tokens": "149984",
    "x-ratelimit-reset-requests": "1s",
    "openai-organization": "org-1",
    "openai-processing-ms": "12",
    "openai-version": "2020-10-01",
    "retry-after": "7",
    "retry-after-ms": "6999",
}
HELD_BACK = {
    "set-cookie": "session=1",
    "server": "cloudflare",
    "alt-svc": 'h3=":443"',
    "cf-ray": "1",
    "strict-transport-security": "max-age=1",
    "access-control-allow-origin": "*",
    "x-powered-by": "tests",
    "content-language": "en",
    "cache-control": "public, max-age=60",
    "x-accel-buffering": "yes",
    "keep-alive": "timeout=5",
}
CLIENT_SECRETS = {
    name: CLIENT_SECRET
    for name in (
        "authorization",
        "proxy-authorization",
        "cookie",
        "api-key",
        "x-api-key",
        "x-goog-api-key",
        "x-forwarded-for",
        "x-anything",
        "openai-organization",
        "openai-project",
        "referer",
        "user-agent",
        "accept-language",
    )
}


def test_headers_of_a_stream(proxy: Proxy, upstream: Upstream) -> None:
    pieces = [b"data: 1\n\n", b"data: 2\n\n"]
    upstream.play(replies.stream(pieces, EVENT_STREAM | HELD_BACK | PASSED))
    headers = ask(proxy).headers
    assert PASSED.items() <= headers.items()
    assert headers["content-type"] == EVENT_STREAM["content-type"]
    assert headers["cache-control"] == "no-cache"
    assert headers["x-accel-buffering"] == "no"
    assert headers["transfer-encoding"] == "chunked"
    allowed = {"content-type", "cache-control", "x-accel-buffering"}
    assert set(headers) - set(PASSED) - allowed == {"transfer-encoding", "date"}


def test_a_length_that_the_upstream_gives_is_dropped(
    proxy: Proxy, upstream: Upstream
) -> None:
    upstream.play(replies.answer(200, b"data: 1\n\n", EVENT_STREAM))
    response = ask(proxy)
    assert response.content == b"data: 1\n\n"
    assert "content-length" not in response.headers
    assert "content-encoding" not in response.headers


@pytest.mark.parametrize("status", [400, 429])
def test_headers_of_an_error(proxy: Proxy, upstream: Upstream, status: int) -> None:
    html = {"content-type": "text/html"}
    upstream.play(replies.answer(status, b"<html>", html | HELD_BACK | PASSED))
    headers = ask(proxy).headers
    assert PASSED.items() <= headers.items()
    assert headers["content-type"] == "application/json"
    assert headers["cache-control"] == "no-store"
    allowed = {"content-type", "cache-control"}
    assert set(headers) - set(PASSED) - allowed == {"transfer-encoding", "date"}


def test_a_request_has_an_id_of_its_own(proxy: Proxy, upstream: Upstream) -> None:
    upstream.play(replies.stream())
    ids = [ask(proxy).headers["x-request-id"] for _ in range(2)]
    assert ids[0] != ids[1]
    assert all(id.startswith("req_") and len(id) == 36 for id in ids)


def test_headers_of_the_upstreams_request(proxy: Proxy, upstream: Upstream) -> None:
    """Nothing of the client's own goes on; the key is the provider's."""
    upstream.play(replies.stream())
    assert ask(proxy, headers=TEXT | CLIENT_SECRETS).status_code == 200
    request = upstream.exchange().request
    assert request.method == "POST"
    assert request.headers.pop("authorization") == f"Bearer {KEY}"
    assert request.headers.pop("content-length") == str(len(upstream.exchange().body))
    assert request.headers.pop("user-agent").startswith("wasm-llm-proxy/")
    assert request.headers == {
        "host": f"127.0.0.1:{upstream.port}",
        "content-type": "application/json",
        "accept": "text/event-stream",
        "accept-encoding": "identity",
        "via": via_to(upstream),
    }


def test_no_reply_holds_the_key(proxy: Proxy, upstream: Upstream) -> None:
    upstream.play(replies.answer(400, REPLY.encode(), {"x-key": KEY}))
    response = ask(proxy)
    assert KEY_MARK not in response.text + repr(response.headers)
