from typing import Any

import pytest

from provider.chat import chunks
from provider.chat.deltas import Token, Usage

Json = dict[str, Any]
CALL = {"id": "c", "function": {"name": "f", "arguments": "{}"}}


@pytest.mark.parametrize(
    "chunk",
    [
        {},
        {"choices": None},
        {"choices": []},
        {"choices": {}},
        {"choices": [None, 1]},
    ],
)
def test_a_chunk_may_have_no_choice(chunk: Json) -> None:
    choice = chunks.choice_of(chunk)
    assert choice == {}
    assert list(chunks.tokens_of(choice)) == []
    assert chunks.call_fragments(choice) == []
    assert chunks.finish_reason_of(choice) is None


def test_the_only_choice_need_not_be_number_0() -> None:
    second = {"index": 1, "text": "b"}
    assert chunks.choice_of({"choices": [second]}) == second
    assert chunks.choice_of({"choices": [second]}, 1) == second
    assert chunks.choice_of({"choices": [second]}, 0) == {}
    assert chunks.choice_of({"choices": [{"text": "a"}, second]}, 1) == {"text": "a"}


def test_only_the_first_choice_counts() -> None:
    other, first = {"index": 1, "text": "b"}, {"index": 0, "text": "a"}
    assert chunks.choice_of({"choices": [other, first]}) == first
    assert chunks.choice_of({"choices": [{"text": "a"}, other]}) == {"text": "a"}


@pytest.mark.parametrize(
    ("choice", "tokens"),
    [
        ({"delta": {"content": "hi"}}, [Token("hi")]),
        ({"delta": {"content": ""}}, []),
        ({"delta": {"content": None, "refusal": None}}, []),
        ({"delta": {"content": 1}}, []),
        ({"delta": {}}, []),
        ({"delta": None}, []),
        ({"delta": "hi"}, []),
        ({}, []),
        (
            {"delta": {"content": [{"type": "text", "text": "a"}, {"text": "b"}]}},
            [Token("ab")],
        ),
        ({"delta": {"content": [{"type": "thinking"}, 1, {"text": 2}]}}, []),
        ({"delta": {"refusal": "no"}}, [Token("no", is_refusal=True)]),
        ({"delta": {"content": "a", "refusal": "b"}}, [Token("a"), Token("b", True)]),
        ({"message": {"content": "hi"}}, [Token("hi")]),
        ({"delta": None, "message": {"content": "hi"}}, [Token("hi")]),
        ({"text": "hi"}, [Token("hi")]),
        ({"text": None}, []),
    ],
)
def test_finds_the_text(choice: Json, tokens: list[Token]) -> None:
    assert list(chunks.tokens_of(choice)) == tokens


def test_finds_tool_calls() -> None:
    assert chunks.call_fragments({"delta": {"tool_calls": [CALL, None]}}) == [CALL, {}]
    assert chunks.call_fragments({"message": {"tool_calls": [CALL]}}) == [CALL]
    assert chunks.call_fragments({"delta": {"tool_calls": None}}) == []


@pytest.mark.parametrize("reason", ["stop", "length", "tool_calls", "content_filter"])
def test_finds_why_it_ended(reason: str) -> None:
    assert chunks.finish_reason_of({"finish_reason": reason}) == reason
    for nothing in (None, "", 1):
        assert chunks.finish_reason_of({"finish_reason": nothing}) is None


OPENAI = {
    "prompt_tokens": 9,
    "completion_tokens": 4,
    "total_tokens": 13,
    "prompt_tokens_details": {"cached_tokens": 0},
    "completion_tokens_details": {"reasoning_tokens": 2},
}
RESPONSES = {
    "input_tokens": 9,
    "output_tokens": 4,
    "total_tokens": 13,
    "input_tokens_details": {"cached_tokens": 0},
    "output_tokens_details": {"reasoning_tokens": 2},
}


@pytest.mark.parametrize(
    ("chunk", "usage"),
    [
        ({"usage": OPENAI}, Usage(9, 4, 13, 0, 2)),
        ({"usage": RESPONSES}, Usage(9, 4, 13, 0, 2)),
        ({"usage": {"prompt_tokens": 9}}, Usage(input_tokens=9)),
        ({"x_groq": {"usage": {"total_tokens": 0}}}, Usage(total_tokens=0)),
        ({"usage": None, "x_groq": None}, None),
        ({"usage": {}}, None),
        ({"usage": {"prompt_tokens": True, "completion_tokens": "4"}}, None),
        ({"usage": {"prompt_tokens_details": [], "prompt_tokens": 1}}, Usage(1)),
        ({"usage": 4}, None),
        ({}, None),
    ],
)
def test_finds_token_counts(chunk: Json, usage: Usage | None) -> None:
    assert chunks.usage_of(chunk) == usage


def test_only_counts_that_were_said_are_known() -> None:
    assert Usage(9, None, 13).known() == {"input_tokens": 9, "total_tokens": 13}
    assert Usage().known() == {}
    assert chunks.usage_of({"usage": OPENAI}) == Usage(
        input_tokens=9,
        output_tokens=4,
        total_tokens=13,
        cached_tokens=0,
        reasoning_tokens=2,
    )


def test_a_whole_chat_becomes_a_chunk() -> None:
    message = {"role": "assistant", "content": None, "tool_calls": [CALL, CALL]}
    choice = {"index": 0, "message": message, "finish_reason": "tool_calls"}
    whole = {"id": "x", "object": "chat.completion", "choices": [choice]}
    numbered = [{"index": 0, **CALL}, {"index": 1, **CALL}]
    assert chunks.as_chunk(whole) == {
        "id": "x",
        "object": "chat.completion.chunk",
        "choices": [
            {
                "index": 0,
                "delta": {**message, "tool_calls": numbered},
                "finish_reason": "tool_calls",
            }
        ],
    }
    plain = {"choices": [{"message": {"content": "hi"}}]}
    assert chunks.as_chunk(plain)["choices"] == [{"delta": {"content": "hi"}}]
    assert chunks.as_chunk({"choices": [{}]})["choices"] == [{"delta": {}}]


def test_a_whole_completion_is_a_chunk_already() -> None:
    whole = {"object": "text_completion", "choices": [{"text": "hi"}]}
    assert chunks.as_chunk(whole) == whole
