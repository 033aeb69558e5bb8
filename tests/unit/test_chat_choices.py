"""Which choice of a reply is read, and the characters of its text."""

import json

import pytest

from provider.chat import failures
from provider.chat.deltas import Delta, End, Token
from provider.chat.interpreter import Interpreter
from tests.unit.test_chat_interpreter import (
    DONE,
    NAMED,
    STARTED,
    Json,
    chunk,
    deltas,
)


def numbered(number: int, text: str, reason: str | None = None) -> Json:
    choice = {"index": number, "delta": {"content": text}, "finish_reason": reason}
    return {**NAMED, "choices": [choice]}


def test_reads_a_reply_whose_only_choice_is_not_number_0() -> None:
    said = deltas(numbered(1, "a"), numbered(1, "b", "stop"), DONE)
    assert said == [STARTED, Token("a"), Token("b"), End("stop")]
    body = {"choices": [{"index": 3, "message": {"content": "a"}}]}
    assert Token("a") in Interpreter().read_whole(json.dumps(body).encode())


@pytest.mark.parametrize("first", [0, 1])
def test_reads_one_choice_of_several(first: int) -> None:
    other = 1 - first
    said = deltas(
        numbered(first, "a"),
        numbered(other, "x"),
        numbered(other, "y", "length"),
        numbered(first, "b", "stop"),
        DONE,
    )
    assert said == [STARTED, Token("a"), Token("b"), End("stop")]


def test_a_character_in_two_deltas_is_one() -> None:
    said = deltas(
        chunk("a\ud83d"), chunk("\udc4d\ud83d"), chunk("\ude00b", "stop"), DONE
    )
    texts = ["a", "\U0001f44d", "\U0001f600b"]
    assert said == [STARTED, *map(Token, texts), End("stop")]


@pytest.mark.parametrize(
    ("rest", "end"),
    [
        ((chunk(None, "stop"), DONE), [End("stop")]),
        ((DONE,), [End(None)]),
        ((), [failures.incomplete()]),
        (("x",), [failures.invalid_event()]),
    ],
)
def test_half_a_character_is_not_lost(
    rest: tuple[Json | str, ...], end: list[Delta]
) -> None:
    assert deltas(chunk("a\ud83d"), *rest) == [
        STARTED,
        Token("a"),
        Token("\ud83d"),
        *end,
    ]


def test_halves_of_different_things_are_no_character() -> None:
    refusal = {**NAMED, "choices": [{"delta": {"refusal": "\udc4d"}}]}
    said = deltas(chunk("\ud83d"), refusal, chunk("x", "stop"))
    assert said == [
        STARTED,
        Token("\ud83d"),
        Token("\udc4d", is_refusal=True),
        Token("x"),
        End("stop"),
    ]


def test_a_half_that_another_follows_stays_a_half() -> None:
    said = deltas(chunk("\ud83d"), chunk("\ud83d"), chunk("\udc4d", "stop"))
    assert said == [STARTED, Token("\ud83d"), Token("\U0001f44d"), End("stop")]
