import json
from typing import Any

import pytest

from provider.chat.asked import APIS, FIELDS, FORMATS, REASONING_EFFORTS, parse_chat
from provider.chat.formats import FORMATS as ENCODERS
from wire.errors import InvalidRequest

MOST = 2**63 - 1
TOOL = {"type": "function", "function": {"name": "f"}}
USER = {"role": "user", "content": "hi"}

GOOD: list[tuple[str, object]] = [
    ("prompt", "\ud83d"),
    ("prompt", " "),
    ("system", "Be brief."),
    ("model", "gpt-4.1"),
    ("temperature", 0),
    ("temperature", 2),
    ("temperature", 0.7),
    ("max_tokens", 1),
    ("max_tokens", 1_000_000),
    ("top_p", 0),
    ("top_p", 1.0),
    ("seed", -MOST - 1),
    ("seed", MOST),
    ("stop", "END"),
    ("tools", [TOOL]),
    ("response_format", {"type": "json_object"}),
    *(("reasoning_effort", word) for word in REASONING_EFFORTS),
    ("stream", True),
    ("stream", False),
    *(("format", word) for word in FORMATS),
    *(("api", word) for word in APIS),
]
BAD: list[tuple[str, object, str]] = [
    ("prompt", "", "empty_prompt"),
    ("prompt", 1, "invalid_type"),
    ("prompt", ["hi"], "invalid_type"),
    ("system", "", "invalid_value"),
    ("system", {}, "invalid_type"),
    ("model", "", "invalid_value"),
    ("model", 4, "invalid_type"),
    ("temperature", -0.1, "invalid_value"),
    ("temperature", 2.1, "invalid_value"),
    ("temperature", True, "invalid_type"),
    ("temperature", "0.7", "invalid_type"),
    ("max_tokens", 0, "invalid_value"),
    ("max_tokens", 2**63, "invalid_value"),
    ("max_tokens", 1.0, "invalid_type"),
    ("max_tokens", True, "invalid_type"),
    ("top_p", -0.1, "invalid_value"),
    ("top_p", 1.1, "invalid_value"),
    ("top_p", False, "invalid_type"),
    ("seed", 2**63, "invalid_value"),
    ("seed", -(2**63) - 1, "invalid_value"),
    ("seed", 0.5, "invalid_type"),
    ("stop", "", "invalid_value"),
    ("stop", 1, "invalid_type"),
    ("stop", {}, "invalid_type"),
    ("stop", [], "invalid_value"),
    ("stop", ["a"] * 5, "invalid_value"),
    ("tools", {}, "invalid_type"),
    ("tools", [], "invalid_value"),
    ("response_format", "json_object", "invalid_type"),
    ("reasoning_effort", "hard", "invalid_value"),
    ("reasoning_effort", 1, "invalid_type"),
    ("stream", "false", "invalid_type"),
    ("stream", 0, "invalid_type"),
    ("format", "sse", "invalid_value"),
    ("format", True, "invalid_type"),
    ("api", "responses", "invalid_value"),
    ("api", ["chat"], "invalid_type"),
]


def refused(default_api: str = "chat", /, **fields: object) -> InvalidRequest:
    with pytest.raises(InvalidRequest) as raised:
        parse_chat(json.dumps(fields).encode(), default_api)
    assert raised.value.status == 400
    assert f"`{raised.value.param}`" in raised.value.message
    return raised.value


def parsed(default_api: str = "chat", /, **fields: object) -> Any:
    return parse_chat(json.dumps(fields).encode(), default_api)


@pytest.mark.parametrize(("name", "value"), GOOD)
def test_takes_a_good_field(name: str, value: object) -> None:
    taken = getattr(parsed(**{"prompt": "hi", name: value}), name)
    assert taken == (tuple(value) if isinstance(value, list) else value)
    assert type(taken) is not bool or name == "stream"


@pytest.mark.parametrize(("name", "value", "code"), BAD)
def test_names_a_bad_field(name: str, value: object, code: str) -> None:
    error = refused(**{"prompt": "hi", name: value})
    assert (error.param, error.code) == (name, code)


def test_every_field_is_tried_good_and_bad() -> None:
    tried = {"messages"}  # See below, and test_chat_conversation.py.
    assert {name for name, _ in GOOD} | tried == set(FIELDS)
    assert {name for name, _, _ in BAD} | tried == set(FIELDS)


def test_what_is_not_given_is_nothing() -> None:
    alone = parsed(prompt="hi")
    assert parsed(**{name: None for name in FIELDS} | {"prompt": "hi"}) == alone
    assert (alone.stream, alone.format, alone.api) == (True, "sse-text", "chat")
    assert (alone.messages, alone.tools) == ((), ())
    rest = set(FIELDS) - {"prompt", "stream", "format", "api", "messages", "tools"}
    assert {getattr(alone, name) for name in rest} == {None}


def test_takes_messages_in_the_place_of_a_prompt() -> None:
    asked = parsed(messages=[USER], system="s")
    assert (asked.prompt, asked.messages, asked.system) == (None, (USER,), "s")
    assert refused(messages=[]).param == "messages"
    assert refused(messages="hi").param == "messages"
    assert refused(messages=[USER, {"role": "user"}]).param == "messages[1].content"


def test_prompt_and_messages_exclude_each_other() -> None:
    assert refused(prompt="hi", messages=[USER]).param == "messages"
    error = refused(system="s")
    assert (error.param, error.code) == ("prompt", "missing_required_parameter")
    assert "messages" in error.message


def test_refuses_what_it_does_not_know() -> None:
    error = refused(prompt="hi", max_completion_tokens=1)
    assert (error.param, error.code) == ("max_completion_tokens", "unknown_parameter")
    assert all(name in error.message for name in FIELDS)
    assert refused(prompt="hi", n=None).param == "n"


def test_stop_may_be_several() -> None:
    assert parsed(prompt="hi", stop=["a", "b", "c", "d"]).stop == ("a", "b", "c", "d")
    assert refused(prompt="hi", stop=["a", ""]).param == "stop[1]"
    assert refused(prompt="hi", stop=["a", 1]).param == "stop[1]"
    assert refused(prompt="hi", stop=[None]).param == "stop[0]"


def test_a_format_is_for_streams() -> None:
    assert parsed(prompt="hi", stream=False).stream is False
    assert refused(prompt="hi", stream=False, format="text").param == "format"
    assert parsed(prompt="hi", stream=True, format="text").format == "text"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("messages", [USER]),
        ("tools", [TOOL]),
        ("response_format", {"type": "text"}),
        ("reasoning_effort", "low"),
    ],
)
def test_the_completions_api_has_no_such_field(name: str, value: object) -> None:
    error = refused(prompt="hi", api="completions", **{name: value})
    assert error.param == name
    assert "completions" in error.message
    assert refused("completions", **{"prompt": "hi", name: value}).param == name
    if name != "messages":
        assert parsed("completions", prompt="hi", api="chat", **{name: value})


def test_the_completions_api_takes_a_prompt_alone() -> None:
    asked = parsed("completions", prompt="hi", system="s", top_p=0.5)
    assert (asked.api, asked.prompt, asked.system) == ("completions", "hi", "s")
    error = refused("completions", model="m")
    assert error.param == "prompt"
    assert "messages" not in error.message


@pytest.mark.parametrize("body", [b"", b"prompt=hi", b"[]", b'{"prompt":"\xff"}'])
def test_refuses_what_is_no_json_object(body: bytes) -> None:
    with pytest.raises(InvalidRequest) as raised:
        parse_chat(body, "chat")
    assert (raised.value.status, raised.value.code) == (400, "invalid_json")


def test_every_format_has_its_encoder() -> None:
    assert set(FORMATS) == set(ENCODERS)
