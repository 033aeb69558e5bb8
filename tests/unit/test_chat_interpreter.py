import json
from typing import Any

import pytest

from provider.chat import failures
from provider.chat.deltas import (
    Chunk,
    Delta,
    End,
    Failed,
    Started,
    Token,
    ToolCall,
    Usage,
)
from provider.chat.interpreter import Interpreter
from provider.chat.tool_calls import CALLS_LIMIT
from wire.shallow_json import DEPTH_LIMIT
from wire.sse import ServerSentEvent

Json = dict[str, Any]
NAMED = {"id": "x", "model": "m"}
STARTED = Started("m", "x")
CALL = {"index": 0, "id": "c", "function": {"name": "f", "arguments": "{}"}}
COUNTS = {"prompt_tokens": 1, "completion_tokens": 2}
USAGE = Usage(1, 2)
BUSY: Json = {"message": "Busy sk-1.", "type": "t", "param": None, "code": "busy"}
DONE = "[DONE]"


def chunk(text: str | None = None, reason: str | None = None, **fields: object) -> Json:
    return {
        **NAMED,
        "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": reason}],
        **fields,
    }


def calling(*calls: Json, reason: str | None = None) -> Json:
    choice = {"delta": {"tool_calls": list(calls)}, "finish_reason": reason}
    return {**NAMED, "choices": [choice]}


def events(*said: Json | str) -> list[ServerSentEvent]:
    texts = [each if isinstance(each, str) else json.dumps(each) for each in said]
    return [ServerSentEvent("message", text) for text in texts]


def deltas(*said: Json | str, interpreter: Interpreter | None = None) -> list[Delta]:
    """Return all that a whole stream says, its chunks left out."""
    reader = interpreter or Interpreter()
    read = [*reader.read(events(*said)), *reader.end([])]
    return [delta for delta in read if not isinstance(delta, Chunk)]


def code(*said: Json | str) -> str | None:
    """Return the code of the failure that the stream ends with, and only it."""
    *before, last = deltas(*said)
    assert isinstance(last, Failed)
    assert not any(isinstance(delta, Failed | End) for delta in before)
    return last.code


def test_reads_a_run() -> None:
    assert deltas(chunk(""), chunk("Hel"), chunk("lo"), chunk(None, "stop"), DONE) == [
        STARTED,
        Token("Hel"),
        Token("lo"),
        End("stop"),
    ]


def test_every_chunk_is_there_as_it_came_before_what_it_says() -> None:
    text = '{ "choices":[{"text":"hi"}] }'
    reader = Interpreter()
    assert reader.read(events(text)) == [Chunk(text), Started(None, None), Token("hi")]


def test_a_reply_has_started_when_it_is_named() -> None:
    azure = {"id": "", "model": "", "choices": [], "prompt_filter_results": []}
    reader = Interpreter()
    assert reader.read(events(azure)) == [Chunk(json.dumps(azure))]
    assert reader.read(events(chunk("")))[1:] == [STARTED]
    assert reader.read(events(chunk("a")))[1:] == [Token("a")]
    assert deltas({"choices": [{"text": "a"}]}, chunk("b"), DONE)[:3] == [
        Started(None, None),
        Token("a"),
        Token("b"),
    ]
    assert deltas(DONE) == [Started(None, None), End(None)]
    assert deltas({"model": "m"}, DONE) == [Started("m", None), End(None)]


def test_done_ends_it_and_nothing_counts_after() -> None:
    reader = Interpreter()
    said = deltas(chunk("a"), f" {DONE} ", chunk("b"), "x", interpreter=reader)
    assert said == [STARTED, Token("a"), End(None)]
    assert reader.is_over
    assert reader.failure is None
    assert reader.end(events(chunk("c"))) == []
    assert reader.fail(failures.too_large()) == []
    assert reader.failure is None


def test_a_reason_ends_it_where_done_is_missing() -> None:
    assert deltas(chunk("a", "length")) == [STARTED, Token("a"), End("length")]


@pytest.mark.parametrize("said", [[], [chunk("a")], [": not data"][:0]])
def test_without_either_it_is_incomplete(said: list[Json]) -> None:
    assert code(*said) == "upstream_incomplete"


def test_the_counts_last_said_are_those() -> None:
    last = {"choices": [], "usage": COUNTS}
    early = {"prompt_tokens": 1, "completion_tokens": 1}
    reader = Interpreter()
    said = deltas(
        chunk("a", usage=early),
        chunk("b", "stop", usage=None),
        last,
        DONE,
        interpreter=reader,
    )
    assert said == [STARTED, Token("a"), Token("b"), USAGE, End("stop")]
    assert reader.usage == USAGE
    assert deltas(chunk("a", usage=COUNTS), chunk(None, "stop"))[-2:] == [
        USAGE,
        End("stop"),
    ]


def test_a_call_comes_once_and_whole() -> None:
    half = {"index": 0, "id": "c", "function": {"name": "f", "arguments": "{"}}
    rest = {"index": 0, "function": {"arguments": "}"}}
    reader = Interpreter()
    assert reader.read(events(calling(half)))[1:] == [STARTED]
    assert reader.read(events(calling(rest)))[1:] == []
    called = reader.read(events(calling(reason="tool_calls")))[1:]
    assert called == [ToolCall(0, "c", "f", "{}")]
    assert reader.end([]) == [End("tool_calls")]


def test_a_call_comes_even_without_a_reason() -> None:
    assert deltas(calling(CALL), DONE)[1:] == [ToolCall(0, "c", "f", "{}"), End(None)]
    late = deltas(chunk(None, "stop"), calling(CALL))
    assert late[1:] == [ToolCall(0, "c", "f", "{}"), End("stop")]


def test_half_a_call_is_none() -> None:
    assert code(calling(CALL)) == "upstream_incomplete"


def test_too_many_calls_are_a_failure_after_what_was_said() -> None:
    many = [{"index": number} for number in range(CALLS_LIMIT + 1)]
    said = calling(*many)
    said["choices"][0]["delta"]["content"] = "a"
    assert code(said, chunk("b", "stop")) == "upstream_event_too_large"
    *before, failed = deltas(said)
    assert before == [STARTED, Token("a")]
    assert isinstance(failed, Failed)
    assert f"more than {CALLS_LIMIT} tool calls" in failed.message


@pytest.mark.parametrize("data", ["", " ", "null", "{}", '""', "[]", "0"])
def test_a_sign_of_life_says_nothing(data: str) -> None:
    reader = Interpreter()
    assert reader.read(events(data)) == []
    assert deltas(chunk("a"), data, chunk("b", "stop"), DONE)[1:3] == [
        Token("a"),
        Token("b"),
    ]


@pytest.mark.parametrize(
    "data",
    ["Hello", '"Hello"', "[1]", "7", '{"choices"', '{"a":' * (DEPTH_LIMIT + 1) + "1"],
)
def test_an_event_that_is_no_object_is_a_failure(data: str) -> None:
    assert code(chunk("a"), data, chunk("b", "stop"), DONE) == "upstream_invalid_event"


def test_too_deep_is_a_failure() -> None:
    deep = '{"a":' * (DEPTH_LIMIT + 1) + "1" + "}" * (DEPTH_LIMIT + 1)
    assert json.loads(deep)
    assert code(deep) == "upstream_invalid_event"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("message", {"error": BUSY}),
        ("error", {"error": BUSY}),
        ("error", BUSY),
        ("message", {**chunk("b"), "error": BUSY}),
        ("message", {"object": "error", **BUSY}),
    ],
)
def test_passes_an_error_on_without_secrets(name: str, data: Json) -> None:
    reader = Interpreter(("", "sk-1"))
    reader.read(events(chunk("a")))
    told = reader.read([ServerSentEvent(name, json.dumps(data)), *events(DONE)])
    failed = Failed("Busy [redacted].", "t", "busy", cause="upstream_error")
    assert told == [failed]
    assert reader.failure == failed
    assert reader.end([]) == []


def test_an_error_may_be_plain_text() -> None:
    told = Interpreter().read([ServerSentEvent("error", "Out of memory")])
    assert told == [Failed("Out of memory", "server_error", None, "upstream_error")]


def test_a_failure_says_what_was_used() -> None:
    reader = Interpreter()
    reader.read(events(chunk("a", usage=COUNTS)))
    failed = failures.broken("connection-terminated")
    assert reader.fail(failed) == [USAGE, failed]
    first = Interpreter()
    assert first.fail(failed) == [failed]


def test_what_the_end_may_have_cut_counts_if_it_is_whole() -> None:
    reader = Interpreter()
    said = reader.end(events(chunk("a", "stop")))
    assert said[1:] == [STARTED, Token("a"), End("stop")]
    assert Interpreter().end(events(DONE)) == [Started(None, None), End(None)]
    for cut in ("[DON", '{"choices":[{"te', "", "nul", "7"):
        finished = Interpreter()
        finished.read(events(chunk("a", "stop")))
        assert finished.end(events(cut)) == [End("stop")], cut
        [failed] = Interpreter().end(events(cut))
        assert failed == failures.incomplete()


def test_a_broken_body_is_a_failure_after_its_last_event() -> None:
    broken = failures.broken("connection-terminated")
    reader = Interpreter()
    assert reader.end(events(chunk("a", "stop")), broken)[1:] == [
        STARTED,
        Token("a"),
        broken,
    ]
    whole = Interpreter()
    assert whole.end(events(DONE), broken) == [Started(None, None), End(None)]
    assert whole.failure is None


def whole(**fields: object) -> bytes:
    choice = {"index": 0, "message": {"content": "a"}, "finish_reason": "stop"}
    return json.dumps(
        {**NAMED, "choices": [choice], "usage": COUNTS, **fields}
    ).encode()


def test_reads_a_whole_reply_like_a_stream() -> None:
    said = Interpreter().read_whole(whole())
    assert said[1:] == [STARTED, Token("a"), USAGE, End("stop")]
    assert isinstance(said[0], Chunk)
    [choice] = json.loads(said[0].json)["choices"]
    assert choice["delta"] == {"content": "a"}


def test_a_whole_reply_need_not_say_why_it_ended() -> None:
    said = Interpreter().read_whole(b'{"choices":[{"text":"a\\ud83d"}]}')
    assert said[1:] == [
        Started(None, None),
        Token("a"),
        Token("\ud83d"),
        End(None),
    ]


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", whole(choices=[])])
def test_what_is_no_reply_is_a_failure(body: bytes) -> None:
    assert Interpreter().read_whole(body) == [failures.invalid_reply()]


def test_a_whole_reply_may_be_an_error() -> None:
    reader = Interpreter(("sk-1",))
    told = reader.read_whole(json.dumps({"error": BUSY}).encode())
    assert told == [Failed("Busy [redacted].", "t", "busy", cause="upstream_error")]
    assert reader.failure == told[0]


def test_an_error_that_is_text_counts_without_its_blank_line_too() -> None:
    finished = Interpreter()
    finished.read(events(chunk("a", "stop")))
    [failed] = finished.end([ServerSentEvent("error", "overloaded")])
    assert isinstance(failed, Failed)
    assert failed.message == "overloaded"
