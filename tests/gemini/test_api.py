"""The gateway's API routes go to Gemini's OpenAI-compatible endpoint, below its own."""

import json
from typing import Any

import pytest

from provider.model_table import AS_OF, facts
from tests.e2e import replies
from tests.e2e.client import TEXT, error_of, send
from tests.e2e.conftest import StartProxy
from tests.e2e.loops import via_to
from tests.e2e.marked import CLIENT_SECRET, KEY, PROMPT
from tests.e2e.proxy import Proxy
from tests.e2e.upstream import Upstream
from tests.gateway.test_forwarding import NEVER_SENT_UP, ODD_JSON, SENT_UP
from tests.gemini.editions import GATEWAY, ROUTE, only
from tests.gemini.google import BASE, FRAMES, MODEL, TARGET, origin, refuse

pytestmark = only(GATEWAY)

TOKEN = f"{CLIENT_SECRET}-token"
LISTED = b"""{
  "object": "list",
  "data": [
    {"id": "models/gemini-2.5-flash", "object":"model", "display_name": "2.5"},
    {"id": "models/nobody-knows", "object": "model", "of no": [1.0e5]}
  ]
}"""


@pytest.mark.parametrize("path", ["chat/completions", "embeddings", "embeddings?a=b"])
def test_requests_go_up_as_they_are(
    proxy: Proxy, upstream: Upstream, path: str
) -> None:
    upstream.play(replies.answer(200, b'{"of no":"known field"}'))
    headers = SENT_UP | NEVER_SENT_UP | {"authorization": f"Bearer {CLIENT_SECRET}"}
    response = send(proxy, "POST", f"/v1/{path}", content=ODD_JSON, headers=headers)
    assert (response.status_code, response.content) == (200, b'{"of no":"known field"}')
    exchange = upstream.exchange()
    assert exchange.request.method == "POST"
    assert exchange.request.target == f"{BASE}/openai/{path}"
    assert exchange.body == ODD_JSON
    assert exchange.request.headers == SENT_UP | {
        "host": f"127.0.0.1:{upstream.port}",
        "content-length": str(len(ODD_JSON)),
        "accept-encoding": "identity",
        "via": via_to(upstream, f"{BASE}/openai"),
        "authorization": f"Bearer {KEY}",
    }


@pytest.mark.parametrize(
    ("base", "below"),
    [("", ""), ("/", ""), ("/v1beta/", "/v1beta"), ("/a//b", "/a//b")],
)
def test_the_endpoint_is_below_the_base_url(
    start_proxy: StartProxy, upstream: Upstream, base: str, below: str
) -> None:
    upstream.play(replies.answer(200, b"{}"))
    proxy = start_proxy(GEMINI_BASE_URL=origin(upstream) + base)
    assert send(proxy, "GET", "/v1/models?limit=1").status_code == 200
    assert upstream.exchange().request.target == f"{below}/openai/models?limit=1"


def _known() -> dict[str, Any]:
    known = facts("gemini", MODEL)
    assert known and known.prices
    return {
        "context_window": known.context_window,
        "max_output_tokens": known.max_output_tokens,
        "prices": {
            "unit": "USD per million tokens",
            "input": known.prices.input,
            "cached_input": known.prices.cached_input,
            "output": known.prices.output,
            "as_of": AS_OF,
        },
    }


def test_models_have_what_is_known_of_them(proxy: Proxy, upstream: Upstream) -> None:
    upstream.play(replies.answer(200, LISTED))
    response = send(proxy, "GET", "/v1/models")
    flash, unknown = response.json()["data"]
    assert flash == json.loads(LISTED)["data"][0] | _known()
    assert flash["context_window"] == 1_048_576
    assert 0 < flash["prices"]["cached_input"] < flash["prices"]["output"]
    assert unknown == json.loads(LISTED)["data"][1]
    # All that was there before stays, byte for byte.
    start, _, end = LISTED.partition(b'"2.5"')
    assert response.content.startswith(start) and response.content.endswith(end)


@pytest.mark.parametrize("name", [MODEL, f"models/{MODEL}"])
def test_so_has_one(proxy: Proxy, upstream: Upstream, name: str) -> None:
    model = json.loads(LISTED)["data"][0]
    upstream.play(replies.answer(200, json.dumps(model).encode()))
    assert send(proxy, "GET", f"/v1/models/{name}").json() == model | _known()
    request = upstream.exchange().request
    assert request.target == f"{BASE}/openai/models/{name}"
    assert request.headers["authorization"] == f"Bearer {KEY}"


def test_a_model_that_is_not_listed_is_not_told_of(
    proxy: Proxy, upstream: Upstream
) -> None:
    """The table knows it; the upstream, which lists models, does not."""
    missing = refuse(404, "Model is not found.", in_array=True)
    upstream.play(replies.in_turn(missing, replies.answer(200, LISTED)))
    response = send(proxy, "GET", "/v1/models/gemini-2.5-pro")
    error = error_of(response)
    assert (response.status_code, error["code"]) == (404, "NOT_FOUND")
    assert error["message"] == "Model is not found."


def test_readiness_asks_for_the_models(proxy: Proxy, upstream: Upstream) -> None:
    upstream.play(replies.answer(200, LISTED))
    response = send(proxy, "GET", "/health/ready")
    assert (response.status_code, response.json()["status"]) == (200, "healthy")
    request = upstream.exchange().request
    assert (request.method, request.target) == ("GET", f"{BASE}/openai/models")
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert "x-goog-api-key" not in request.headers


@pytest.mark.parametrize(
    ("refused", "status", "health"),
    [(403, 503, "unhealthy"), (429, 200, "degraded"), (503, 503, "unhealthy")],
)
def test_readiness_tells_of_a_refusal(
    proxy: Proxy, upstream: Upstream, refused: int, status: int, health: str
) -> None:
    upstream.play(refuse(refused, in_array=True, delay="0.001s"))
    response = send(proxy, "GET", "/health/ready")
    assert (response.status_code, response.json()["status"]) == (status, health)
    assert str(refused) in response.json()["reason"]


def test_a_key_that_gemini_does_not_know_is_no_health(
    proxy: Proxy, upstream: Upstream
) -> None:
    """See: https://github.com/sipeed/picoclaw/issues/2374"""
    upstream.play(refuse(400, "API key not valid.", in_array=True))
    response = send(proxy, "GET", "/health/ready")
    assert (response.status_code, response.json()["status"]) == (503, "unhealthy")


@pytest.fixture
def guarded(start_proxy: StartProxy) -> Proxy:
    return start_proxy(PROXY_ACCESS_TOKENS=TOKEN)


ROUTES = [
    ("POST", ROUTE, TARGET),
    ("POST", "/v1/chat/completions", f"{BASE}/openai/chat/completions"),
    ("GET", "/v1/models", f"{BASE}/openai/models"),
    ("GET", "/health/ready", f"{BASE}/openai/models"),
]


def test_without_a_token_nobody_is_asked(guarded: Proxy) -> None:
    """The upstream of the tests fails when it is asked. The key is no token."""
    for method, route, _ in ROUTES:
        for shown in (
            {},
            {"authorization": f"Bearer {KEY}"},
            {"x-goog-api-key": TOKEN},
        ):
            response = send(guarded, method, route, headers=shown)
            assert response.status_code == 401
            code = "invalid_access_token" if "authorization" in shown else None
            assert error_of(response)["code"] == (code or "missing_access_token")
    assert send(guarded, "GET", "/health").status_code == 200


def test_with_a_token_the_key_goes_up(guarded: Proxy, upstream: Upstream) -> None:
    upstream.play(replies.stream(FRAMES))
    headers = TEXT | {"authorization": f"Bearer {TOKEN}"}
    for method, route, target in ROUTES:
        content = PROMPT if method == "POST" else b""
        response = send(guarded, method, route, content=content, headers=headers)
        assert response.status_code == 200
        request = upstream.exchanges[-1].request
        assert request.target == target
        assert CLIENT_SECRET not in str(request)
        assert KEY in str(request.headers)
