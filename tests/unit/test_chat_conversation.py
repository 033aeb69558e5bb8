import json
from collections.abc import Callable
from typing import Any

import pytest

from provider.chat.conversation import (
    MESSAGES_LIMIT,
    PARTS_LIMIT,
    TOOLS_LIMIT,
    read_messages,
    read_response_format,
    read_tools,
)
from provider.chat.members import Members
from provider.chat.tool_calls import CALLS_LIMIT
from wire.errors import InvalidRequest

Json = dict[str, Any]

TEXT = {"type": "text", "text": "hi"}
IMAGE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}
CALL = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}}

GOOD_MESSAGES: list[Json] = [
    {"role": "user", "content": "hi"},
    {"role": "user", "content": "", "name": "ada", "extension": [1]},
    {"role": "user", "content": [TEXT, IMAGE]},
    {"role": "system", "content": [{"type": "text", "text": ""}]},
    {"role": "developer", "content": "hi"},
    {"role": "assistant", "content": "hi"},
    {"role": "assistant", "content": None, "tool_calls": [CALL]},
    {"role": "assistant", "refusal": "no"},
    {"role": "assistant", "audio": {"id": "a"}},
    {"role": "assistant", "function_call": {"name": "f", "arguments": ""}},
    {"role": "tool", "content": "1", "tool_call_id": "c"},
    {"role": "function", "content": None, "name": "f"},
]
BAD_MESSAGES: list[tuple[object, str]] = [
    ("hi", ""),
    ({"content": "hi"}, ".role"),
    ({"role": None, "content": "hi"}, ".role"),
    ({"role": "bot", "content": "hi"}, ".role"),
    ({"role": 1, "content": "hi"}, ".role"),
    ({"role": "user"}, ".content"),
    ({"role": "user", "content": None, "tool_calls": [CALL]}, ".content"),
    ({"role": "assistant"}, ".content"),
    ({"role": "assistant", "content": None, "tool_calls": None}, ".content"),
    ({"role": "assistant", "tool_calls": {}}, ".tool_calls"),
    ({"role": "assistant", "tool_calls": []}, ".tool_calls"),
    ({"role": "assistant", "tool_calls": ["f"]}, ".tool_calls[0]"),
    ({"role": "user", "content": 1}, ".content"),
    ({"role": "user", "content": TEXT}, ".content"),
    ({"role": "user", "content": []}, ".content"),
    ({"role": "user", "content": [TEXT, "hi"]}, ".content[1]"),
    ({"role": "user", "content": [{"text": "hi"}]}, ".content[0].type"),
    ({"role": "user", "content": [{"type": 1}]}, ".content[0].type"),
    ({"role": "user", "content": [TEXT, {"type": "text"}]}, ".content[1].text"),
    ({"role": "user", "content": [{"type": "text", "text": 1}]}, ".content[0].text"),
    ({"role": "tool", "content": "1"}, ".tool_call_id"),
    ({"role": "tool", "content": "1", "tool_call_id": 1}, ".tool_call_id"),
    ({"role": "tool", "tool_call_id": "c"}, ".content"),
]
GOOD_TOOLS: list[Json] = [
    {"type": "function", "function": {"name": "f"}},
    {"type": "function", "function": {"name": "Get-weather_2", "parameters": SCHEMA}},
    {"type": "function", "function": {"name": "x" * 64, "strict": True}},
    {"type": "custom", "custom": {"name": "code"}},
]
BAD_TOOLS: list[tuple[object, str]] = [
    ("f", ""),
    ({}, ".type"),
    ({"type": "web_search"}, ".type"),
    ({"type": "function"}, ".function"),
    ({"type": "custom", "function": {"name": "f"}}, ".custom"),
    ({"type": "function", "function": "f"}, ".function"),
    ({"type": "function", "function": {}}, ".function.name"),
    ({"type": "function", "function": {"name": ""}}, ".function.name"),
    ({"type": "function", "function": {"name": "a b"}}, ".function.name"),
    ({"type": "function", "function": {"name": "x" * 65}}, ".function.name"),
    ({"type": "function", "function": {"name": "f\n"}}, ".function.name"),
    (
        {"type": "function", "function": {"name": "f", "parameters": "{}"}},
        ".function.parameters",
    ),
]
GOOD_FORMATS: list[Json] = [
    {"type": "text"},
    {"type": "json_object"},
    {"type": "json_schema", "json_schema": {"name": "city", "schema": SCHEMA}},
]
BAD_FORMATS: list[tuple[object, str]] = [
    ("text", ""),
    ({}, ".type"),
    ({"type": "xml"}, ".type"),
    ({"type": "json_schema"}, ".json_schema"),
    ({"type": "json_schema", "json_schema": []}, ".json_schema"),
    ({"type": "json_schema", "json_schema": {"schema": {}}}, ".json_schema.name"),
]


def param(name: str, value: object) -> str | None:
    asked = Members(json.loads(json.dumps({name: value})))
    with pytest.raises(InvalidRequest) as raised:
        read_messages(asked), read_tools(asked), read_response_format(asked)
    assert f"`{raised.value.param}`" in raised.value.message
    return raised.value.param


@pytest.mark.parametrize("message", GOOD_MESSAGES)
def test_a_good_message_stays_as_it_is(message: Json) -> None:
    user = {"role": "user", "content": "first"}
    assert read_messages(Members({"messages": [user, message]})) == (user, message)


@pytest.mark.parametrize(("message", "place"), BAD_MESSAGES)
def test_names_the_place_in_a_bad_message(message: object, place: str) -> None:
    assert param("messages", [GOOD_MESSAGES[0], message]) == f"messages[1]{place}"


USER: Json = {"role": "user", "content": "hi"}


@pytest.mark.parametrize(
    ("limit", "fill", "place"),
    [
        (MESSAGES_LIMIT, lambda n: {"messages": [USER] * n}, "messages"),
        (TOOLS_LIMIT, lambda n: {"tools": GOOD_TOOLS[:1] * n}, "tools"),
        (
            PARTS_LIMIT,
            lambda n: {"messages": [{"role": "user", "content": [TEXT] * n}]},
            "messages[0].content",
        ),
        (
            CALLS_LIMIT,
            lambda n: {"messages": [{"role": "assistant", "tool_calls": [CALL] * n}]},
            "messages[0].tool_calls",
        ),
    ],
)
def test_a_list_is_bounded(limit: int, fill: Callable[[int], Json], place: str) -> None:
    assert read_messages(Members(fill(limit))) or read_tools(Members(fill(limit)))
    with pytest.raises(InvalidRequest) as raised:
        read_messages(Members(fill(limit + 1))), read_tools(Members(fill(limit + 1)))
    assert (raised.value.param, raised.value.code) == (place, "invalid_value")
    assert f"more than {limit}" in raised.value.message


@pytest.mark.parametrize("tool", GOOD_TOOLS)
def test_a_good_tool_stays_as_it_is(tool: Json) -> None:
    assert read_tools(Members({"tools": [tool]})) == (tool,)


@pytest.mark.parametrize(("tool", "place"), BAD_TOOLS)
def test_names_the_place_in_a_bad_tool(tool: object, place: str) -> None:
    assert param("tools", [GOOD_TOOLS[0], tool]) == f"tools[1]{place}"


@pytest.mark.parametrize("wanted", GOOD_FORMATS)
def test_a_good_response_format_stays_as_it_is(wanted: Json) -> None:
    assert read_response_format(Members({"response_format": wanted})) == wanted


@pytest.mark.parametrize(("wanted", "place"), BAD_FORMATS)
def test_names_the_place_in_a_bad_response_format(wanted: object, place: str) -> None:
    assert param("response_format", wanted) == f"response_format{place}"


def test_nothing_is_nothing() -> None:
    nothing = Members({})
    assert read_messages(nothing) == read_tools(nothing) == ()
    assert read_response_format(nothing) is None
