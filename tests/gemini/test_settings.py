"""Settings that are missing or make no sense: Gemini's own variables are named."""

import json

import pytest

from scripts.check_logs import KEY_MARK
from tests.e2e import replies
from tests.e2e.client import ask, error_of, send
from tests.e2e.conftest import StartProxy
from tests.e2e.marked import CLIENT_SECRET, KEY
from tests.e2e.proxy import Proxy
from tests.e2e.upstream import Upstream
from tests.gemini.editions import GATEWAY, only
from tests.gemini.google import FRAMES, base_url


def _check_missing_key(proxy: Proxy, method: str, target: str) -> None:
    response = send(proxy, method, target, content="Hello" if method == "POST" else "")
    error = error_of(response)
    assert (response.status_code, error["code"]) == (500, "missing_api_key")
    assert error["type"] == "server_error"
    assert "set GEMINI_API_KEY " in error["message"]
    assert CLIENT_SECRET not in response.text


@pytest.mark.parametrize("value", [None, "", "  "])
def test_a_missing_key_is_named(start_proxy: StartProxy, value: str | None) -> None:
    """Another provider's key is no key here: the upstream fails when it is asked."""
    proxy = start_proxy(GEMINI_API_KEY=value, OPENAI_API_KEY=CLIENT_SECRET)
    _check_missing_key(proxy, "POST", proxy.route)
    assert send(proxy, "GET", "/health").status_code == 200


@only(GATEWAY)
def test_so_it_is_where_the_gateway_asks(start_proxy: StartProxy) -> None:
    proxy = start_proxy(GEMINI_API_KEY=None, OPENAI_API_KEY=CLIENT_SECRET)
    for method, path in (("POST", "chat/completions"), ("GET", "models")):
        _check_missing_key(proxy, method, f"/v1/{path}")
    ready = send(proxy, "GET", "/health/ready")
    assert (ready.status_code, ready.json()["status"]) == (503, "unhealthy")
    assert "GEMINI_API_KEY" in ready.json()["reason"]


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("GEMINI_API_KEY", f"{KEY_MARK} {KEY_MARK}", "invalid_api_key_setting"),
        ("GEMINI_BASE_URL", "https://user:hidden@api.example", "invalid_base_url"),
        ("GEMINI_BASE_URL", "https://api.example/v1?key=hidden", "invalid_base_url"),
        ("GEMINI_BASE_URL", "http://192.0.2.1/v1beta", "invalid_base_url"),
        ("GEMINI_MODEL", "../files/x", "invalid_setting"),
        ("GEMINI_MODEL", "a:generateContent?key=b", "invalid_setting"),
    ],
)
def test_a_wrong_value_is_named(
    start_proxy: StartProxy, name: str, value: str, code: str
) -> None:
    response = ask(start_proxy(**{name: value}))
    error = error_of(response)
    assert (response.status_code, error["code"]) == (500, code)
    assert name in error["message"]
    assert KEY_MARK not in response.text and "hidden" not in response.text


def test_one_document_does_for_all(start_proxy: StartProxy, upstream: Upstream) -> None:
    upstream.play(replies.stream(FRAMES))
    config = {
        "base_url": base_url(upstream),
        "default_model": "gemini-2.5-pro",
        "api_key_env": "MY_KEY",
    }
    proxy = start_proxy(
        GEMINI_API_KEY=None,
        GEMINI_BASE_URL=None,
        PROXY_CONFIG=json.dumps({"config": config}),
        MY_KEY=KEY,
    )
    assert ask(proxy).status_code == 200
    request = upstream.exchange().request
    assert "/models/gemini-2.5-pro:" in request.target
    assert request.headers["x-goog-api-key"] == KEY
