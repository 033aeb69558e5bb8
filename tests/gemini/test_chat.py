"""`/chat` in front of Gemini's compatible endpoint, with that endpoint's own ways."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from scripts.wasmtime import PRECOMPILED
from tests.e2e import replies
from tests.e2e.client import send
from tests.e2e.marked import KEY, PROMPT
from tests.e2e.proxy import Proxy
from tests.e2e.upstream import Upstream
from tests.gemini.editions import GATEWAY, only
from tests.gemini.google import BASE, MODEL
from tests.sdk.upstream import LocalUpstream
from wire.sse import SSEDecoder

ECHO = f"No model here, only an echo: {PROMPT}"
TOOL = {
    "type": "function",
    "function": {"name": "forecast", "parameters": {"type": "object"}},
}
Told = list[tuple[str, dict[str, Any]]]


@pytest.fixture(scope="module")
def gateway() -> Iterator[Proxy]:
    """The gateway, in front of an upstream that insists on Gemini's ways."""
    local = LocalUpstream()
    environ = {
        "GEMINI_API_KEY": KEY,
        "GEMINI_BASE_URL": local.url.removesuffix("/v1") + BASE,
        "PROXY_MAX_RETRIES": "0",
    }
    flags = (*GATEWAY.flags, *PRECOMPILED)
    proxy = Proxy("chat", environ, GATEWAY.component, flags, GATEWAY.logs)
    yield proxy
    proxy.stop()
    local.close()


def chat(gateway: Proxy, **asked: Any) -> httpx.Response:
    return send(gateway, "POST", "/chat", json={"prompt": PROMPT, **asked})


def told(response: httpx.Response) -> Told:
    events = SSEDecoder().decode(response.content)
    return [(event.event, json.loads(event.data)) for event in events]


def test_the_text_with_all_counts(gateway: Proxy) -> None:
    events = told(chat(gateway, format="events"))
    tokens = [fields for name, fields in events if name == "token"]
    assert "".join(token["text"] for token in tokens) == ECHO
    assert [token["index"] for token in tokens] == list(range(len(tokens)))
    assert events[0] == ("started", {"model": MODEL, "id": events[0][1]["id"]})
    [usage] = [fields for name, fields in events if name == "usage"]
    # Thoughts are in the total alone.
    assert usage["total_tokens"] > usage["input_tokens"] + usage["output_tokens"]
    assert events[-1] == ("end", {"finish_reason": "stop"})


def test_plain_text_and_a_whole_reply(gateway: Proxy) -> None:
    assert chat(gateway, format="text").text == ECHO
    assert chat(gateway, stream=False).json()["text"] == ECHO


@only(GATEWAY)
def test_calls_that_come_whole_and_without_an_index(
    proxy: Proxy, upstream: Upstream
) -> None:
    calls = [
        {"function": {"name": name, "arguments": "{}"}, "id": id, "type": "function"}
        for name, id in (("forecast", "call-1"), ("news", "call-2"))
    ]
    delta = {"role": "assistant", "tool_calls": calls}
    choice = {"delta": delta, "finish_reason": "stop", "index": 0}
    chunk = {"choices": [choice], "model": MODEL, "object": "chat.completion.chunk"}
    frames = [f"data: {json.dumps(chunk)}\n\n".encode(), b"data: [DONE]\n\n"]
    upstream.play(replies.stream(frames))
    events = told(chat(proxy, format="events", tools=[TOOL]))
    assert [fields for name, fields in events if name == "tool_call"] == [
        {"index": 0, "id": "call-1", "name": "forecast", "arguments": "{}"},
        {"index": 1, "id": "call-2", "name": "news", "arguments": "{}"},
    ]
    assert events[-1] == ("end", {"finish_reason": "stop"})


def test_a_stream_that_breaks_off(gateway: Proxy) -> None:
    events = told(chat(gateway, format="events", model="cut"))
    assert events[-1][0] == "error"
    assert events[-1][1]["code"] == "upstream_broken"
