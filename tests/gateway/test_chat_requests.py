"""What `POST /chat` asks of the upstream, and what it does not tell it."""

import json
from typing import Any

import pytest

from tests.e2e import replies
from tests.e2e.client import error_of, send
from tests.e2e.conftest import StartProxy
from tests.e2e.loops import via_to
from tests.e2e.marked import CLIENT_SECRET, KEY, PROMPT, REPLY
from tests.e2e.proxy import Proxy
from tests.e2e.upstream import Upstream
from tests.gateway.chatting import CHAT, ask, asking, whole
from wire.version import NAME, VERSION

MODEL = "gpt-4.1"
SYSTEM = f"Be brief about {PROMPT}"
ASKED = {"role": "user", "content": PROMPT}
TOOL = {
    "type": "function",
    "function": {"name": "get_time", "parameters": {"type": "object"}},
}
SCHEMA = {
    "type": "json_schema",
    "json_schema": {"name": "answer", "schema": {"type": "object"}},
}
CASES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "a prompt": ({}, {}),
    "instructions": (
        {"system": SYSTEM},
        {"messages": [{"role": "system", "content": SYSTEM}, ASKED]},
    ),
    "messages": (
        {"messages": [ASKED, {"role": "assistant", "content": REPLY}, ASKED]},
        {"messages": [ASKED, {"role": "assistant", "content": REPLY}, ASKED]},
    ),
    "messages and instructions": (
        {"messages": [ASKED], "system": SYSTEM},
        {"messages": [{"role": "system", "content": SYSTEM}, ASKED]},
    ),
    "another model": ({"model": "o-other"}, {"model": "o-other"}),
    "a temperature": ({"temperature": 0}, {"temperature": 0}),
    "sampling": (
        {"top_p": 0.5, "seed": 7, "stop": ["a", "b"], "max_tokens": 9},
        {"top_p": 0.5, "seed": 7, "stop": ["a", "b"], "max_tokens": 9},
    ),
    "tools": ({"tools": [TOOL]}, {"tools": [TOOL]}),
    "a schema": ({"response_format": SCHEMA}, {"response_format": SCHEMA}),
    "counts are asked for where they are shown": (
        {"format": "events"},
        {"stream_options": {"include_usage": True}},
    ),
    "and nowhere else": ({"format": "sse-json"}, {}),
    "no stream": ({"stream": False}, {"stream": False}),
    "letters": ({"prompt": "中文 𝄞"}, {"messages": [ASKED | {"content": "中文 𝄞"}]}),
}


def _sent(upstream: Upstream) -> dict[str, Any]:
    [exchange] = upstream.exchanges
    body: dict[str, Any] = json.loads(exchange.body)
    return body


@pytest.mark.parametrize("case", CASES)
def test_the_body(proxy: Proxy, upstream: Upstream, case: str) -> None:
    asked, expected = CASES[case]
    upstream.play(replies.stream(whole()))
    ask(proxy, **asked)
    usual = {
        "model": MODEL,
        "messages": [ASKED],
        "temperature": 0.7,
        "stream": True,
    }
    assert _sent(upstream) == usual | expected
    request = upstream.exchange().request
    assert (request.method, request.target) == ("POST", "/v1/chat/completions")


def test_models_that_reason_get_no_temperature(
    proxy: Proxy, upstream: Upstream
) -> None:
    upstream.play(replies.stream(whole()))
    ask(proxy, reasoning_effort="low", max_tokens=9)
    assert _sent(upstream) == {
        "model": MODEL,
        "messages": [ASKED],
        "max_completion_tokens": 9,
        "reasoning_effort": "low",
        "stream": True,
    }


@pytest.mark.parametrize(
    ("stream", "accept"), [(True, "text/event-stream"), (False, "application/json")]
)
def test_the_headers(
    proxy: Proxy, upstream: Upstream, stream: bool, accept: str
) -> None:
    """None of the client's own."""
    upstream.play(replies.stream(whole()))
    own = (
        "authorization cookie user-agent openai-beta openai-organization traceparent "
        "x-stainless-lang x-client-request-id idempotency-key accept-language "
        "content-language x-forwarded-for x-request-id"
    )
    headers = dict.fromkeys(own.split(), CLIENT_SECRET)
    headers |= {"accept": "text/*", "accept-encoding": "gzip"}
    send(proxy, "POST", CHAT, content=asking(stream=stream), headers=headers)
    exchange = upstream.exchange()
    assert CLIENT_SECRET not in str(exchange.request)
    sent = dict(exchange.request.headers)
    assert sent.pop("host") == f"127.0.0.1:{upstream.port}"
    assert sent == {
        "content-type": "application/json",
        "content-length": str(len(exchange.body)),
        "accept": accept,
        "accept-encoding": "identity",
        "user-agent": f"{NAME}/{VERSION}",
        "via": via_to(upstream),
        "authorization": f"Bearer {KEY}",
    }


def test_the_operators_model(start_proxy: StartProxy, upstream: Upstream) -> None:
    proxy = start_proxy(OPENAI_MODEL="of-the-operator")
    for asked, model in (({}, "of-the-operator"), ({"model": "other"}, "other")):
        upstream.play(replies.stream(whole()))
        ask(proxy, **asked)
        assert _sent(upstream)["model"] == model


COMPLETION = {
    "model": MODEL,
    "prompt": f"{SYSTEM}\n\n{PROMPT}",
    "temperature": 0.7,
    "max_tokens": 9,
    "stream": True,
}


def test_the_completions_api(proxy: Proxy, upstream: Upstream) -> None:
    upstream.play(replies.stream(whole()))
    ask(proxy, api="completions", system=SYSTEM, max_tokens=9)
    assert _sent(upstream) == COMPLETION
    assert upstream.exchange().request.target == "/v1/completions"


def test_the_operator_has_the_completions_api_alone(
    start_proxy: StartProxy, upstream: Upstream
) -> None:
    proxy = start_proxy(PROXY_PROMPT_API="completions")
    upstream.play(replies.stream(whole()))
    ask(proxy, system=SYSTEM, max_tokens=9)
    assert _sent(upstream) == COMPLETION
    assert upstream.exchange().request.target == "/v1/completions"
    # A client may know better.
    upstream.play(replies.stream(whole()))
    ask(proxy, api="chat")
    assert upstream.exchange().request.target == "/v1/chat/completions"


@pytest.mark.parametrize(
    ("allowed", "api", "status"),
    [
        ("responses completions models", "chat", 404),
        ("chat/completions", "completions", 404),
        ("chat/completions", "chat", 200),
        ("completions", "completions", 200),
        ("chat/*", "chat", 200),
    ],
)
def test_what_is_not_allowed_below_v1_is_not_done_here(
    start_proxy: StartProxy, upstream: Upstream, allowed: str, api: str, status: int
) -> None:
    """The upstream of the tests fails when it is asked, unless it has a script."""
    if status == 200:
        upstream.play(replies.stream(whole()))
    response = ask(start_proxy(PROXY_ALLOWED_PATHS=allowed), api=api)
    assert response.status_code == status
    if status == 404:
        assert error_of(response)["code"] == "path_not_allowed"
        assert "PROXY_ALLOWED_PATHS" in error_of(response)["message"]


PARTS = [{"type": "text", "text": "one"}, {"type": "text", "text": "two"}]
IMAGE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}


def test_contents_as_strings(start_proxy: StartProxy, upstream: Upstream) -> None:
    proxy = start_proxy(PROXY_CONTENT_FORMAT="String")
    upstream.play(replies.stream(whole()))
    ask(proxy, messages=[{"role": "user", "content": PARTS}, ASKED], system=SYSTEM)
    assert [message["content"] for message in _sent(upstream)["messages"]] == [
        SYSTEM,
        "one\ntwo",
        PROMPT,
    ]
    pictured = {"role": "user", "content": [*PARTS, IMAGE]}
    upstream.play(replies.stream(whole()))
    response = ask(proxy, messages=[ASKED, pictured])
    assert response.status_code == 400
    assert error_of(response)["code"] == "unsupported_content"
    assert error_of(response)["param"] == "messages[1].content[2]"
    assert upstream.connections == 0


def test_contents_as_they_are(proxy: Proxy, upstream: Upstream) -> None:
    message = {"role": "user", "content": [*PARTS, IMAGE]}
    upstream.play(replies.stream(whole()))
    ask(proxy, messages=[message])
    assert _sent(upstream)["messages"] == [message]
