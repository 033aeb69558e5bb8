import json
from typing import Any

import pytest

from provider.chat.asked import parse_chat
from provider.chat.requests import build_chat

USER = {"role": "user", "content": "hi"}
TOOL = {"type": "function", "function": {"name": "f"}}


def built(**fields: object) -> tuple[str, dict[str, Any]]:
    asked = parse_chat(json.dumps({"prompt": "hi", **fields}).encode(), "chat")
    path, body = build_chat(asked, "default-model", 0.7)
    sent: dict[str, Any] = json.loads(body)
    return path, sent


def body(**fields: object) -> dict[str, Any]:
    return built(**fields)[1]


def test_a_prompt_is_the_users_message() -> None:
    assert built() == (
        "/chat/completions",
        {
            "model": "default-model",
            "messages": [USER],
            "temperature": 0.7,
            "stream": True,
        },
    )


def test_what_is_asked_for_goes_up() -> None:
    fields = {
        "model": "m",
        "temperature": 0,
        "max_tokens": 5,
        "top_p": 0.5,
        "seed": -1,
        "stop": ["a", "b"],
        "tools": [TOOL],
        "response_format": {"type": "json_object"},
        "stream": False,
    }
    assert body(**fields) == {**fields, "messages": [USER]}
    assert body(stop="a")["stop"] == "a"


def test_the_system_text_is_the_first_message() -> None:
    system = {"role": "system", "content": "s"}
    assert body(system="s")["messages"] == [system, USER]
    talk = [USER, {"role": "assistant", "content": "yes?"}, USER]
    assert body(prompt=None, messages=talk, system="s")["messages"] == [system, *talk]


def test_a_model_that_reasons_gets_no_temperature_unasked() -> None:
    sent = body(reasoning_effort="low", max_tokens=5)
    assert sent["reasoning_effort"] == "low"
    assert sent["max_completion_tokens"] == 5
    assert not sent.keys() & {"temperature", "max_tokens"}
    assert body(reasoning_effort="none", temperature=0.5)["temperature"] == 0.5


@pytest.mark.parametrize("format", ["sse-text", "sse-json", "events", "text"])
def test_counts_are_asked_for_where_they_are_shown(format: str) -> None:
    options = body(format=format).get("stream_options")
    assert options == ({"include_usage": True} if format == "events" else None)


def test_a_whole_reply_has_no_stream_options() -> None:
    sent = body(stream=False)
    assert sent["stream"] is False
    assert "stream_options" not in sent


def test_a_completion_takes_one_text() -> None:
    path, sent = built(api="completions", max_tokens=5, format="events", stop="a")
    assert path == "/completions"
    assert sent == {
        "model": "default-model",
        "prompt": "hi",
        "temperature": 0.7,
        "max_tokens": 5,
        "stop": "a",
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    assert body(api="completions", system="s")["prompt"] == "s\n\nhi"


def test_the_json_is_compact_and_survives_half_surrogates() -> None:
    asked = parse_chat(b'{"prompt":"\\u00fc\\ud83d","system":" "}', "chat")
    _, sent = build_chat(asked, "m", 0.7)
    assert 'ü\\ud83d"}],"temperature":0.7'.encode() in sent
    assert json.loads(sent)["messages"][1]["content"] == "ü\ud83d"


def test_the_temperature_of_the_operator_is_for_requests_without_one() -> None:
    asked = parse_chat(b'{"prompt": "Hi"}', "chat")
    _, warm = build_chat(asked, "m", 1.5)
    assert json.loads(warm)["temperature"] == 1.5
    _, bare = build_chat(asked, "m", None)
    assert "temperature" not in json.loads(bare)
