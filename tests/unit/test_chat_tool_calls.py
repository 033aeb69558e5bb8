from typing import Any

import pytest

from provider.chat.deltas import ToolCall
from provider.chat.tool_calls import (
    CALLS_LIMIT,
    NAME_LIMIT,
    ToolCalls,
    ToolCallsTooLarge,
)
from wire.sse import EVENT_LIMIT

Json = dict[str, Any]


def fragment(arguments: object = "", name: object = None, **fields: object) -> Json:
    return {**fields, "function": {"name": name, "arguments": arguments}}


def calls(*fragments: Json) -> list[tuple[int, str, str, str]]:
    collected = ToolCalls()
    for each in fragments:
        collected.add(each)
    return [(c.index, c.id, c.name, c.arguments) for c in collected.take()]


F = (0, "c1", "f", "{}")
G = (1, "c2", "g", '{"a":1}')
CASES: dict[str, list[Json]] = {
    "OpenAI's fragments": [
        fragment(name="f", index=0, id="c1"),
        fragment("{", index=0),
        fragment("}", index=0),
        fragment(name="g", index=1, id="c2"),
        fragment('{"a":1}', index=1),
    ],
    "interleaved": [
        fragment(name="f", index=0, id="c1"),
        fragment(name="g", index=1, id="c2"),
        fragment('{"a"', index=1),
        fragment("{", index=0),
        fragment(":1}", index=1),
        fragment("}", index=0),
    ],
    "whole, the same index": [
        fragment("{}", "f", index=0, id="c1"),
        fragment('{"a":1}', "g", index=0, id="c2"),
    ],
    "whole, no index": [
        fragment("{}", "f", id="c1"),
        fragment('{"a":1}', "g", id="c2"),
    ],
    "no index, fragments by id": [
        fragment("{", "f", id="c1"),
        fragment('{"a"', "g", id="c2"),
        fragment("}", id="c1"),
        fragment(":1}", id="c2"),
    ],
    "no index, fragments by their order": [
        fragment("{", "f", id="c1"),
        fragment("}"),
        fragment('{"a"', "g", id="c2"),
        fragment(":1}"),
    ],
    "the same index, fragments by id": [
        fragment("{", "f", index=0, id="c1"),
        fragment('{"a"', "g", index=0, id="c2"),
        fragment("}", index=0, id="c1"),
        fragment(":1}", index=0, id="c2"),
    ],
    "id and name in every fragment": [
        fragment("{", "f", index=0, id="c1"),
        fragment("}", "f", index=0, id="c1"),
        fragment('{"a"', "g", index=1, id="c2"),
        fragment(":1}", "g", index=1, id="c2"),
    ],
    "an id that comes late": [
        fragment("{", "f", index=0),
        fragment("}", index=0, id="c1"),
        fragment('{"a":1}', "g", index=1, id="c2"),
    ],
    "arguments as an object": [
        fragment("{}", "f", index=0, id="c1"),
        fragment({"a": 1}, "g", index=1, id="c2"),
    ],
    "a custom tool": [
        {"index": 0, "id": "c1", "custom": {"name": "f", "input": "{}"}},
        fragment('{"a":1}', "g", index=1, id="c2"),
    ],
}


@pytest.mark.parametrize("case", CASES)
def test_puts_two_calls_together(case: str) -> None:
    assert calls(*CASES[case]) == [F, G]


def test_without_index_and_id_a_name_begins_a_call() -> None:
    fragments = [fragment("{}", "f"), fragment("1", "g"), fragment("2")]
    assert calls(*fragments) == [(0, "", "f", "{}"), (1, "", "g", "12")]


def test_a_name_may_come_in_pieces() -> None:
    pieces = [fragment(name="get_", index=0, id="c"), fragment(name="it", index=0)]
    assert calls(*pieces) == [(0, "c", "get_it", "")]


@pytest.mark.parametrize("odd", [{}, {"function": None}, {"function": "f"}, {"id": 1}])
def test_what_makes_no_sense_is_an_empty_call(odd: Json) -> None:
    assert calls(odd) == [(0, "", "", "")]


def test_the_calls_are_counted_on_after_they_were_taken() -> None:
    collected = ToolCalls()
    assert collected.take() == []
    collected.add(fragment(name="f", id="c1", index=0))
    assert collected.take() == [ToolCall(0, "c1", "f", "")]
    collected.add(fragment(name="g", id="c2", index=0))
    assert collected.take() == [ToolCall(1, "c2", "g", "")]


def test_the_calls_are_bounded() -> None:
    many = ToolCalls()
    for number in range(CALLS_LIMIT):
        many.add(fragment(id=str(number)))
    with pytest.raises(ToolCallsTooLarge, match=f"more than {CALLS_LIMIT} tool calls"):
        many.add(fragment(id="more"))
    named = ToolCalls()
    named.add(fragment(name="x" * NAME_LIMIT, index=0))
    with pytest.raises(ToolCallsTooLarge, match=f"more than {NAME_LIMIT} characters"):
        named.add(fragment(name="x", index=0))
    long = ToolCalls()
    long.add(fragment("x" * (EVENT_LIMIT // 2), index=0))
    with pytest.raises(ToolCallsTooLarge, match=f"more than {EVENT_LIMIT} characters"):
        long.add(fragment("x" * (EVENT_LIMIT // 2), index=0))
