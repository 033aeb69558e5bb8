"""Settings that are missing or make no sense: an error that names the variable."""

import pytest

from scripts.check_logs import KEY_MARK
from tests.e2e import replies
from tests.e2e.client import ask, error_of, send
from tests.e2e.conftest import StartProxy
from tests.e2e.upstream import Upstream

BASE_URL = "OPENAI_BASE_URL"


@pytest.mark.parametrize("value", [None, "", "  "])
def test_a_missing_key_is_named(start_proxy: StartProxy, value: str | None) -> None:
    response = ask(start_proxy(OPENAI_API_KEY=value))
    error = error_of(response)
    assert response.status_code == 500
    assert error["code"] == "missing_api_key"
    assert error["type"] == "server_error"
    assert "OPENAI_API_KEY" in error["message"]


def test_health_needs_no_key(start_proxy: StartProxy) -> None:
    response = send(start_proxy(OPENAI_API_KEY=None), "GET", "/health")
    assert (response.status_code, response.json()) == (200, {"status": "healthy"})


def test_a_key_that_is_none_is_named_and_not_shown(start_proxy: StartProxy) -> None:
    response = ask(start_proxy(OPENAI_API_KEY=f"{KEY_MARK} {KEY_MARK}"))
    error = error_of(response)
    assert (response.status_code, error["code"]) == (500, "invalid_api_key_setting")
    assert "OPENAI_API_KEY" in error["message"]
    assert KEY_MARK not in response.text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PROXY_CONNECT_TIMEOUT_MS", "soon"),
        ("PROXY_FIRST_BYTE_TIMEOUT_MS", "0"),
        ("PROXY_BETWEEN_BYTES_TIMEOUT_MS", "-1"),
        ("PROXY_TOTAL_TIMEOUT_MS", "1.5"),
        ("PROXY_MAX_RETRIES", "11"),
        ("PROXY_RETRY_INITIAL_DELAY_MS", "1s"),
        ("PROXY_RETRY_MULTIPLIER", "nan"),
        ("PROXY_RETRY_MAX_DELAY_MS", "3600001"),
        ("PROXY_ALLOW_PLAIN_HTTP", "maybe"),
        ("LOG_LEVEL", "chatty"),
        ("OPENAI_ORG_ID", "two words"),
        ("OPENAI_PROJECT_ID", "zwölf"),
    ],
)
def test_a_wrong_value_is_named_and_shown(
    start_proxy: StartProxy, name: str, value: str
) -> None:
    response = ask(start_proxy(**{name: value}))
    error = error_of(response)
    assert (response.status_code, error["code"]) == (500, "invalid_setting")
    assert error["message"].startswith(f"{name} is {value!r}, but it must be ")


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("not-a-url", "https://"),
        ("ftp://api.example/v1", "https://"),
        ("https://user:hidden@api.example/v1", "password"),
        ("https://api.example/v1?key=hidden", "query"),
        ("https://api.example:0/v1", "port"),
        ("https://api.example/hid den", "space"),
        ("http://192.0.2.1/v1", "PROXY_ALLOW_PLAIN_HTTP"),
        ("http://localhost.example/v1", "PROXY_ALLOW_PLAIN_HTTP"),
    ],
)
def test_a_wrong_base_url_is_named_and_not_shown(
    start_proxy: StartProxy, value: str, hint: str
) -> None:
    response = ask(start_proxy(OPENAI_BASE_URL=value))
    error = error_of(response)
    assert (response.status_code, error["code"]) == (500, "invalid_base_url")
    assert BASE_URL in error["message"] and hint in error["message"]
    assert value not in response.text and "hidden" not in response.text


def test_settings_reach_the_upstream(
    start_proxy: StartProxy, upstream: Upstream
) -> None:
    upstream.play(replies.stream())
    proxy = start_proxy(
        OPENAI_BASE_URL=f"{upstream.url}/below/",
        OPENAI_MODEL="some-model",
        OPENAI_ORG_ID="org-1",
        OPENAI_PROJECT_ID="proj-1",
    )
    assert ask(proxy).status_code == 200
    exchange = upstream.exchange()
    assert exchange.request.target == "/v1/below/responses"
    assert exchange.request.headers["openai-organization"] == "org-1"
    assert exchange.request.headers["openai-project"] == "proj-1"
    assert b'"model":"some-model"' in exchange.body
