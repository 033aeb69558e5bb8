"""What goes up for a prompt: to where, as whom, and nothing of the client's own."""

import json

import pytest

from scripts.check_logs import CLIENT_MARK, KEY_MARK
from tests.e2e import replies
from tests.e2e.client import TEXT, ask
from tests.e2e.conftest import StartProxy
from tests.e2e.exchange import Exchange
from tests.e2e.loops import via_to
from tests.e2e.marked import CLIENT_SECRET, KEY, PROMPT
from tests.e2e.proxy import Proxy
from tests.e2e.test_headers import CLIENT_SECRETS
from tests.e2e.upstream import Upstream
from tests.gemini.google import BASE, FRAMES, TARGET, origin

ODD = f'"{PROMPT}"\r\n\\ é 中 👩‍👩‍👧 \u2028\x00\x7f'


def _asked(proxy: Proxy, upstream: Upstream, prompt: str = PROMPT) -> Exchange:
    upstream.play(replies.stream(FRAMES))
    assert ask(proxy, prompt).status_code == 200
    return upstream.exchange()


def test_a_stream_of_events_is_asked_for(proxy: Proxy, upstream: Upstream) -> None:
    request = _asked(proxy, upstream).request
    assert (request.method, request.target) == ("POST", TARGET)
    assert TARGET.endswith("/gemini-2.5-flash:streamGenerateContent?alt=sse")


@pytest.mark.parametrize("prompt", [PROMPT, ODD, " "], ids=["plain", "odd", "blank"])
def test_the_body_is_the_prompt(proxy: Proxy, upstream: Upstream, prompt: str) -> None:
    body = _asked(proxy, upstream, prompt).body
    content = {"role": "user", "parts": [{"text": prompt}]}
    assert json.loads(body) == {"contents": [content]}
    assert body.startswith(b'{"contents":[{"role":"user","parts":[{"text":"')


def test_the_key_is_in_its_own_header_and_nowhere_else(
    proxy: Proxy, upstream: Upstream
) -> None:
    exchange = _asked(proxy, upstream)
    headers = exchange.request.headers
    assert headers.pop("x-goog-api-key") == KEY
    assert KEY_MARK not in exchange.request.target
    assert KEY_MARK not in str(headers)
    assert KEY_MARK.encode() not in exchange.body


def test_nothing_of_the_clients_own_goes_up(proxy: Proxy, upstream: Upstream) -> None:
    upstream.play(replies.stream(FRAMES))
    assert ask(proxy, headers=TEXT | CLIENT_SECRETS).status_code == 200
    exchange = upstream.exchange()
    headers = exchange.request.headers
    assert headers.pop("content-length") == str(len(exchange.body))
    assert headers.pop("user-agent").startswith("wasm-llm-proxy/")
    assert headers == {
        "host": f"127.0.0.1:{upstream.port}",
        "content-type": "application/json",
        "accept": "text/event-stream",
        "accept-encoding": "identity",
        "via": via_to(upstream, BASE),
        "x-goog-api-key": KEY,
    }


def test_a_query_of_the_clients_stays_here(proxy: Proxy, upstream: Upstream) -> None:
    upstream.play(replies.stream(FRAMES))
    route, proxy.route = proxy.route, f"{proxy.route}?key={CLIENT_SECRET}"
    try:
        assert ask(proxy).status_code == 200
    finally:
        proxy.route = route
    assert upstream.exchange().request.target == TARGET
    assert CLIENT_MARK not in str(upstream.exchange().request)


@pytest.mark.parametrize(
    ("base", "below"),
    [
        ("", ""),
        ("/", ""),
        ("/v1", "/v1"),
        ("/v1beta/", "/v1beta"),
        ("/a//b/v1alpha", "/a//b/v1alpha"),
        ("/gemini/v1beta/openai", "/gemini/v1beta/openai"),
    ],
)
def test_the_base_url_is_taken_as_it_stands(
    start_proxy: StartProxy, upstream: Upstream, base: str, below: str
) -> None:
    proxy = start_proxy(GEMINI_BASE_URL=origin(upstream) + base)
    target = f"{below}/models/gemini-2.5-flash:streamGenerateContent?alt=sse"
    assert _asked(proxy, upstream).request.target == target


@pytest.mark.parametrize(
    ("model", "resource"),
    [
        ("gemini-3.8-flash", "models/gemini-3.8-flash"),
        ("models/gemini-2.5-pro", "models/gemini-2.5-pro"),
        ("tunedModels/mine_1", "tunedModels/mine_1"),
    ],
)
def test_the_model_is_part_of_the_path(
    start_proxy: StartProxy, upstream: Upstream, model: str, resource: str
) -> None:
    exchange = _asked(start_proxy(GEMINI_MODEL=model), upstream)
    target = f"/v1beta/{resource}:streamGenerateContent?alt=sse"
    assert exchange.request.target == target
    assert b'model"' not in exchange.body


def test_the_settings_of_another_provider_have_no_effect(
    start_proxy: StartProxy, upstream: Upstream
) -> None:
    other = {
        "OPENAI_API_KEY": CLIENT_SECRET,
        "OPENAI_BASE_URL": "http://127.0.0.1:1/nowhere",
        "OPENAI_MODEL": "gpt-4.1",
        "OPENAI_ORG_ID": "org-1",
    }
    exchange = _asked(start_proxy(**other), upstream)
    assert exchange.request.target == TARGET
    assert exchange.request.headers["x-goog-api-key"] == KEY
    assert "openai-organization" not in exchange.request.headers
    assert CLIENT_SECRET not in str(exchange.request)
