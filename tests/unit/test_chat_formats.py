import json
from typing import Any

import pytest

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
from provider.chat.formats import FORMATS, call_fields, failure_body

FAILED = Failed("Bu\nsy.", "server_error", "busy", cause="upstream_error")
CALL = ToolCall(0, "c", "f", "{}")
EVERY: list[Delta] = [
    Chunk('{"a":1}'),
    Started("m", "x"),
    Token("Zü"),
    Token("no", is_refusal=True),
    CALL,
    Usage(1, 2),
    End("stop"),
]


def encoded(format: str, *deltas: Delta) -> str:
    encoder = FORMATS[format]()
    return b"".join(map(encoder.encode, deltas)).decode()


def error(text: str) -> Any:
    [line] = [line for line in text.split("\n") if line.startswith("data: ")]
    return json.loads(line.removeprefix("data: "))


def test_sse_text_is_the_text() -> None:
    assert encoded("sse-text", *EVERY) == "data: Zü\n\ndata: no\n\n"


def test_sse_text_keeps_line_breaks() -> None:
    assert encoded("sse-text", Token("a\n\nb")) == "data: a\ndata: \ndata: b\n\n"
    assert encoded("sse-text", Token("\n")) == "data: \ndata: \n\n"


def test_sse_text_takes_a_line_end_cut_in_two_for_one() -> None:
    assert encoded("sse-text", Token("a\r"), Token("\nb")) == (
        "data: a\ndata: \n\ndata: b\n\n"
    )
    assert encoded("sse-text", Token("\r"), Token("\n"), Token("\n")) == (
        "data: \ndata: \n\n" * 2
    )
    assert encoded("sse-text", Token("a\r"), Token("b"), Token("\n")) == (
        "data: a\ndata: \n\ndata: b\n\ndata: \ndata: \n\n"
    )


def test_sse_json_is_the_upstreams_own() -> None:
    assert encoded("sse-json", *EVERY) == 'data: {"a":1}\n\ndata: [DONE]\n\n'


def test_events_tell_everything() -> None:
    assert encoded("events", *EVERY) == (
        'event: started\ndata: {"model":"m","id":"x"}\n\n'
        'event: token\ndata: {"index":0,"text":"Zü"}\n\n'
        'event: token\ndata: {"index":1,"text":"no","refusal":true}\n\n'
        'event: tool_call\ndata: {"index":0,"id":"c","name":"f","arguments":"{}"}\n\n'
        'event: usage\ndata: {"input_tokens":1,"output_tokens":2}\n\n'
        'event: end\ndata: {"finish_reason":"stop"}\n\n'
    )


def test_text_is_nothing_but_text() -> None:
    assert encoded("text", *EVERY, FAILED) == "Züno"


def test_a_failure_is_told() -> None:
    object = {
        "message": "Bu\nsy.",
        "type": "server_error",
        "param": None,
        "code": "busy",
    }
    named = encoded("sse-text", FAILED)
    assert named.startswith("event: error\ndata: ")
    assert error(named) == {"error": object}
    unnamed = encoded("sse-json", FAILED)
    assert "event:" not in unnamed
    assert "[DONE]" not in unnamed
    assert error(unnamed) == {"error": object}
    told = encoded("events", FAILED)
    assert told.startswith("event: error\ndata: ")
    assert error(told) == {"message": "Bu\nsy.", "type": "server_error", "code": "busy"}
    assert json.loads(failure_body(FAILED)) == {"error": object}


@pytest.mark.parametrize("format", FORMATS)
def test_half_surrogates_crash_nothing(format: str) -> None:
    half = "\ud83d"
    call = ToolCall(0, half, half, half)
    failed = Failed(half, half, half, cause="upstream_error")
    text = encoded(format, Started(half, half), Token(half), call, End(half), failed)
    if format == "events":
        assert '"text":"\\ud83d"' in text
    elif format != "sse-json":
        assert text.startswith("\ufffd" if format == "text" else "data: \ufffd\n\n")


def test_says_what_it_is() -> None:
    stream = b"text/event-stream; charset=utf-8"
    types = {name: FORMATS[name]().content_type for name in FORMATS}
    plain = types.pop("text")
    assert plain == b"text/plain; charset=utf-8"
    assert set(types.values()) == {stream}
    tells = {name for name in FORMATS if FORMATS[name]().tells_failures}
    assert tells == set(types)


def test_shows_a_call() -> None:
    assert call_fields(CALL) == {"id": "c", "name": "f", "arguments": "{}"}
