"""`/v1/`: requests go up as they came but for their headers, and replies come down."""

import gzip
import json

import pytest

from tests.e2e import replies
from tests.e2e.client import error_of, send
from tests.e2e.conftest import StartProxy
from tests.e2e.exchange import Exchange
from tests.e2e.loops import via_to
from tests.e2e.marked import CLIENT_SECRET, KEY, REPLY
from tests.e2e.proxy import Proxy
from tests.e2e.test_headers import HELD_BACK, PASSED
from tests.e2e.upstream import Upstream
from tests.gateway.chatting import CHAT, asking
from tests.gateway.raw import answer, request, status

SENT_UP = {
    "content-type": "application/json; charset=utf-8",
    "content-language": "de",
    "accept": "text/event-stream",
    "accept-language": "de;q=0.5",
    "user-agent": "tests/1.0",
    "openai-beta": "assistants=v2",
    "idempotency-key": "stainless-python-retry-1",
    "x-client-request-id": "id-of-the-client",
    "x-stainless-lang": "python",
    "x-stainless-retry-count": "0",
    "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "tracestate": "a=1,b=2",
}
NEVER_SENT_UP = {
    name: CLIENT_SECRET
    for name in (
        "api-key",
        "x-api-key",
        "x-goog-api-key",
        "cookie",
        "proxy-authorization",
        "openai-organization",
        "openai-project",
        "x-forwarded-for",
        "x-forwarded-host",
        "forwarded",
        "referer",
        "origin",
        "from",
        "x-anything",
        "keep-alive",
        "te",
        "expect-ct",
    )
}
ODD_JSON = b'{"of no" : "known field",\n "n":1.0e5, "n":2}\r\n \xff'
QUERIES = [
    "?",
    "?a",
    "?a=",
    "?=&&==",
    "?a=1&a=2&b",
    "?a?b=/c/../d//e",
    "?q=%20+%2B%2f%2F%00%zz%",
    "?include[]=x&order=desc;limit=5",
    "?a='b'!$()*,:@~-._",
    "?q=\u00c3\u00a9",
]


def _small(exchange: Exchange) -> None:
    exchange.read_body()
    exchange.start_plain(200, replies.JSON | {"content-length": "2"})
    exchange.write(b"{}")


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_as_it_stands(proxy: Proxy, upstream: Upstream, query: str) -> None:
    upstream.play(_small)
    received = answer(proxy, request("GET", f"/v1/models{query}"))
    assert status(received) == 200
    assert upstream.exchange().request.target == f"/v1/models{query}"


@pytest.mark.parametrize(
    "path", ["models/ft:gpt-4.1:org::id", "models/a%20b%c3%a9", "responses/a;b=c@d!e"]
)
def test_a_path_as_it_stands(proxy: Proxy, upstream: Upstream, path: str) -> None:
    upstream.play(_small)
    assert status(answer(proxy, request("GET", f"/v1/{path}"))) == 200
    assert upstream.exchange().request.target == f"/v1/{path}"


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("has_body", [False, True])
def test_method_and_body(
    start_proxy: StartProxy, upstream: Upstream, method: str, has_body: bool
) -> None:
    upstream.play(_small)
    body = (
        b'{"of no" : "known field",\n "n":1.0e5, "n":2}\r\n \xff' if has_body else b""
    )
    proxy = start_proxy(PROXY_ALLOWED_PATHS="*")
    response = send(proxy, method, "/v1/responses/resp_1", content=body)
    assert (response.status_code, response.content) == (200, b"{}")
    exchange = upstream.exchange()
    assert (exchange.request.method, exchange.body) == (method, body)


def test_head_has_no_body(proxy: Proxy, upstream: Upstream) -> None:
    def script(exchange: Exchange) -> None:
        exchange.start_plain(200, {"content-length": "2", "openai-version": "1"})

    upstream.play(script)
    response = send(proxy, "HEAD", "/v1/models")
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["openai-version"] == "1"


def test_request_headers(proxy: Proxy, upstream: Upstream) -> None:
    upstream.play(_small)
    token = {"authorization": f"Bearer {CLIENT_SECRET}", "accept-encoding": "gzip, br"}
    headers = SENT_UP | NEVER_SENT_UP | token
    response = send(proxy, "POST", "/v1/responses", content=b"{}", headers=headers)
    assert response.status_code == 200
    got = upstream.exchange().request.headers
    assert got == SENT_UP | {
        "host": f"127.0.0.1:{upstream.port}",
        "content-length": "2",
        "accept-encoding": "identity",
        "via": via_to(upstream),
        "authorization": f"Bearer {KEY}",
    }


@pytest.mark.parametrize("code", [200, 201, 404, 429])
def test_reply_headers(proxy: Proxy, upstream: Upstream, code: int) -> None:
    error = replies.openai_error("no", "t")
    upstream.play(replies.answer(code, error, replies.JSON | HELD_BACK | PASSED))
    response = send(proxy, "GET", "/v1/models")
    assert response.status_code == code
    assert PASSED.items() <= response.headers.items()
    assert response.headers["content-type"] == "application/json"
    own = {"content-type", "cache-control", "x-accel-buffering", "date"}
    framing = {"content-length", "transfer-encoding"}
    assert set(response.headers) - set(PASSED) <= own | framing
    assert response.headers["cache-control"] in ("no-cache", "no-store")


def test_account_headers_are_the_providers(
    start_proxy: StartProxy, upstream: Upstream
) -> None:
    upstream.play(_small)
    proxy = start_proxy(OPENAI_ORG_ID="org-1", OPENAI_PROJECT_ID="proj-1")
    send(proxy, "GET", "/v1/models", headers={"openai-project": CLIENT_SECRET})
    got = upstream.exchange().request.headers
    assert (got["openai-organization"], got["openai-project"]) == ("org-1", "proj-1")


@pytest.mark.parametrize("base", ["", "/", "/v1beta/openai/", "/a//b"])
def test_the_base_url_is_taken_as_it_stands(
    start_proxy: StartProxy, upstream: Upstream, base: str
) -> None:
    upstream.play(_small)
    origin = upstream.url.removesuffix("/v1")
    proxy = start_proxy(OPENAI_BASE_URL=origin + base)
    assert send(proxy, "GET", "/v1/models?limit=1").status_code == 200
    target = f"{base.rstrip('/')}/models?limit=1"
    assert upstream.exchange().request.target == target


def test_a_missing_key_is_an_error(start_proxy: StartProxy) -> None:
    proxy = start_proxy(OPENAI_API_KEY=None)
    token = {"authorization": f"Bearer {CLIENT_SECRET}"}
    response = send(proxy, "GET", "/v1/models", headers=token)
    assert (response.status_code, error_of(response)["code"]) == (
        500,
        "missing_api_key",
    )


def test_a_key_in_an_error_is_redacted(proxy: Proxy, upstream: Upstream) -> None:
    body = json.dumps({"error": {"message": f"bad key {KEY}", "type": KEY}}).encode()
    upstream.play(replies.answer(403, body))
    response = send(proxy, "GET", "/v1/models")
    assert response.status_code == 403
    assert KEY not in response.text
    assert "[redacted]" in error_of(response)["message"]


PLAIN = f"data: {REPLY}\n\n".encode()


def _encoded(exchange: Exchange) -> None:
    """Answer in an encoding that nobody asked for, told of in two headers."""
    exchange.read_body()
    body = gzip.compress(PLAIN)
    head = f"HTTP/1.1 200 OK\r\ncontent-length: {len(body)}\r\n"
    codings = "content-encoding: identity\r\ncontent-encoding: gzip\r\n\r\n"
    exchange.write((head + codings).encode() + body)


def test_an_encoded_reply_is_relayed_to_who_can_decode_it(
    proxy: Proxy, upstream: Upstream
) -> None:
    upstream.play(_encoded)
    headers = {"accept-encoding": "br, gzip"}
    response = send(proxy, "POST", "/v1/responses", headers=headers)
    assert (response.status_code, response.content) == (200, PLAIN)
    assert response.headers["content-encoding"] == "gzip"
    assert upstream.exchange().request.headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    ("method", "target", "accepted"),
    [
        ("POST", "/v1/responses", "identity"),
        ("POST", "/v1/responses", "gzip;q=0"),
        ("GET", "/v1/models", "gzip"),
        ("POST", CHAT, "gzip"),
    ],
)
def test_an_encoded_reply_is_refused_where_it_cannot_be_read(
    proxy: Proxy, upstream: Upstream, method: str, target: str, accepted: str
) -> None:
    """By the client, or by the gateway itself, which reads models and chats."""
    upstream.play(_encoded)
    headers = {"accept-encoding": accepted} | replies.JSON
    response = send(proxy, method, target, headers=headers, content=asking())
    assert (response.status_code, error_of(response)["code"]) == (
        502,
        "upstream_encoding",
    )
