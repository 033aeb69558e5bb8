import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from provider.chat.formats import FORMATS
from provider.chat.interpreter import Interpreter
from provider.chat.reply import (
    WHOLE_LIMIT,
    Pieces,
    is_json,
    stream_pieces,
    whole_reply,
)
from tests.unit.fakes import Broken, Part, ScriptedBody, Silence, response, run
from wire.headers import find
from wire.ports import BodyBroken
from wire.sse import EVENT_LIMIT

HELLO = b'data: {"choices":[{"delta":{"content":"Hello"}}]}\n\n'
WORLD = b'data: {"choices":[{"delta":{"content":" world"}}]}\n\n'
STOP = b'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n'
DONE = b"data: [DONE]\n\n"
ROLE = b'data: {"choices":[{"delta":{"role":"assistant","content":""}}]}\n\n'
WHOLE: dict[str, Any] = {
    "id": "x",
    "object": "chat.completion",
    "model": "m",
    "choices": [{"index": 0, "message": {"content": "Hello"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 1, "completion_tokens": 2},
}
CALL = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}


class Reading:
    """One reply, and what a client took of it."""

    def __init__(self, format: str, *parts: Part, kind: str = "text/event-stream"):
        upstream = response(200, *parts, content_type=kind)
        assert isinstance(upstream.body, ScriptedBody)
        self.body = upstream.body
        self.interpreter = Interpreter()
        self.pieces = stream_pieces(upstream, FORMATS[format](), self.interpreter)
        self.taken: list[bytes] = []

    def take_all(self) -> list[bytes]:
        run(self._take())
        return self.taken

    async def _take(self) -> None:
        async for piece in self.pieces:
            self.taken.append(piece)


def test_what_one_read_brings_is_one_piece_and_nothing_waits() -> None:
    reading = Reading("text", ROLE, HELLO + WORLD, HELLO[:20], HELLO[20:], STOP + DONE)
    assert reading.take_all() == [b"Hello world", b"Hello"]
    assert reading.body.closed
    assert reading.interpreter.failure is None
    ahead = Reading("text", HELLO, Silence(3600), WORLD)
    assert run(anext(ahead.pieces)) == b"Hello"
    assert ahead.body.reads == 1


def test_it_ends_with_done_and_does_not_wait_for_the_body() -> None:
    reading = Reading("sse-json", HELLO, DONE, WORLD)
    assert reading.take_all() == [HELLO, DONE]
    assert reading.body.reads == 2
    assert reading.body.closed


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ((HELLO,), "upstream_incomplete"),
        ((HELLO, Broken("dns-error")), "upstream_broken"),
        ((HELLO, b"data: x\n\n"), "upstream_invalid_event"),
        ((HELLO + b"data:" + b"x" * EVENT_LIMIT,), "upstream_event_too_large"),
        ((HELLO, b'data: {"error":{"code":"busy"}}\n\n', WORLD), "busy"),
    ],
)
def test_a_failure_is_told_after_what_came_before(
    parts: tuple[Part, ...], code: str
) -> None:
    told = b"".join(Reading("events", *parts).take_all())
    assert told.count(b"event: token") == 1
    assert b"event: end" not in told
    last = told.rstrip(b"\n").split(b"\n\n")[-1]
    assert last.startswith(b"event: error\ndata: ")
    assert json.loads(last.partition(b"data: ")[2])["code"] == code


@pytest.mark.parametrize("format", FORMATS)
def test_a_body_that_breaks_in_mid_event_loses_nothing(format: str) -> None:
    reading = Reading(format, HELLO, WORLD.rstrip(b"\n"), Broken("http-protocol-error"))
    if format == "text":
        with pytest.raises(BodyBroken) as raised:
            reading.take_all()
        assert raised.value.kind == "http-protocol-error"
        assert reading.taken == [b"Hello", b" world"]
    else:
        told = b"".join(reading.take_all())
        assert b" world" in told
        assert b"http-protocol-error" in told
    assert reading.body.closed
    assert reading.interpreter.failure
    assert reading.interpreter.failure.cause == "http-protocol-error"


@pytest.mark.parametrize("end", [b"\n\n", b"\n", b"\r", b""])
def test_an_end_without_its_blank_line_loses_nothing(end: bytes) -> None:
    last = HELLO.rstrip().replace(b"}}", b'},"finish_reason":"stop"}') + end
    reading = Reading("text", last)
    assert reading.take_all() == [b"Hello"]


def test_plain_text_that_is_not_whole_is_a_broken_transfer() -> None:
    reading = Reading("text", HELLO + b"data: x\n\n")
    with pytest.raises(BodyBroken) as raised:
        reading.take_all()
    assert raised.value.kind == "upstream_invalid_event"
    assert reading.taken == [b"Hello"]
    assert reading.body.closed


def test_an_upstreams_own_code_is_not_for_the_log() -> None:
    reading = Reading("text", b'data: {"error":{"message":"m","code":"theirs"}}\n\n')
    with pytest.raises(BodyBroken) as raised:
        reading.take_all()
    assert raised.value.kind == "upstream_error"


@pytest.mark.parametrize("taken", [0, 1])
def test_a_client_that_leaves_closes_the_upstream(taken: int) -> None:
    async def leave(pieces: Pieces) -> None:
        for _ in range(taken):
            await anext(pieces)
        await pieces.aclose()
        assert reading.body.closed
        with pytest.raises(StopAsyncIteration):
            await anext(pieces)

    reading = Reading("text", HELLO, WORLD)
    run(leave(reading.pieces))
    assert reading.body.reads == taken


def test_a_defect_closes_the_upstream() -> None:
    class Defect(Exception):
        pass

    class Defective(ScriptedBody):
        async def read(self) -> bytes:
            raise Defect

    body = Defective()
    upstream = response(200)
    broken = type(upstream)(200, upstream.headers, body)
    pieces = stream_pieces(broken, FORMATS["text"](), Interpreter())
    with pytest.raises(Defect):
        run(anext(pieces))
    assert body.closed


def test_it_is_an_async_iterator() -> None:
    assert isinstance(Reading("text").pieces, AsyncIterator)


@pytest.mark.parametrize("format", FORMATS)
def test_a_whole_reply_to_a_streamed_request_is_told_alike(format: str) -> None:
    text = json.dumps(WHOLE).encode()
    kind = "Application/JSON; charset=utf-8"
    told = b"".join(Reading(format, text[:30], text[30:], kind=kind).take_all())
    expected = {
        "text": b"Hello",
        "sse-text": b"data: Hello\n\n",
        "events": (
            b'event: started\ndata: {"model":"m","id":"x"}\n\n'
            b'event: token\ndata: {"index":0,"text":"Hello"}\n\n'
            b'event: usage\ndata: {"input_tokens":1,"output_tokens":2}\n\n'
            b'event: end\ndata: {"finish_reason":"stop"}\n\n'
        ),
    }
    if format == "sse-json":
        first, done, end = told.split(b"\n\n")
        assert (done, end) == (b"data: [DONE]", b"")
        chunk = json.loads(first.removeprefix(b"data: "))
        assert chunk["object"] == "chat.completion.chunk"
        assert chunk["choices"][0]["delta"] == {"content": "Hello"}
    else:
        assert told == expected[format]


def test_knows_json_by_its_type() -> None:
    assert is_json(response(200, content_type="application/json"))
    for other in ("text/event-stream", "application/jsonl", "text/plain", ""):
        assert not is_json(response(200, content_type=other))
    assert not is_json(response(200))


def told_whole(*parts: Part) -> tuple[int, dict[str, Any], Interpreter]:
    body = ScriptedBody(*parts)
    interpreter = Interpreter(("sk-1",))
    reply = run(whole_reply(body, interpreter))
    assert body.closed
    assert find(reply.headers, "content-type") == "application/json"
    assert isinstance(reply.body, bytes)
    return reply.status, json.loads(reply.body), interpreter


def test_tells_a_whole_reply() -> None:
    text = json.dumps(WHOLE).encode()
    status, told, interpreter = told_whole(text[:9], text[9:])
    assert status == 200
    assert told == {
        "id": "x",
        "model": "m",
        "text": "Hello",
        "tool_calls": [],
        "finish_reason": "stop",
        "usage": {"input_tokens": 1, "output_tokens": 2},
    }
    assert interpreter.usage
    assert interpreter.usage.known() == told["usage"]


def test_a_whole_reply_may_call_tools_or_refuse() -> None:
    message = {"content": None, "refusal": "No", "tool_calls": [CALL, CALL]}
    choice = {"message": message, "finish_reason": "tool_calls"}
    _, told, _ = told_whole(json.dumps({"choices": [choice]}).encode())
    called = {"id": "c", "name": "f", "arguments": "{}"}
    assert told == {
        "id": None,
        "model": None,
        "text": "",
        "refusal": "No",
        "tool_calls": [called, called],
        "finish_reason": "tool_calls",
        "usage": None,
    }


def test_a_completion_is_told_alike() -> None:
    choice = {"text": "Hello \ud83d", "index": 0, "finish_reason": "length"}
    whole = {"id": "x", "object": "text_completion", "model": "m", "choices": [choice]}
    _, told, _ = told_whole(json.dumps(whole).encode())
    assert (told["text"], told["finish_reason"]) == ("Hello \ud83d", "length")


@pytest.mark.parametrize(
    ("parts", "code", "cause"),
    [
        ((b"<html>",), "upstream_invalid_reply", "upstream_invalid_reply"),
        ((), "upstream_invalid_reply", "upstream_invalid_reply"),
        ((b'{"choices":', Broken("dns-error")), "upstream_broken", "dns-error"),
        (
            (b" " * WHOLE_LIMIT, b"{}", b"never read"),
            "upstream_reply_too_large",
            "upstream_reply_too_large",
        ),
        (
            (b'{"error":{"message":"of sk-1","code":"busy"}}',),
            "busy",
            "upstream_error",
        ),
    ],
)
def test_what_is_no_reply_is_an_error(
    parts: tuple[Part, ...], code: str, cause: str
) -> None:
    status, told, interpreter = told_whole(*parts)
    assert status == 502
    assert told.keys() == {"error"}
    assert told["error"].keys() == {"message", "type", "param", "code"}
    assert told["error"]["code"] == code
    assert "sk-1" not in told["error"]["message"]
    assert interpreter.failure
    assert interpreter.failure.cause == cause


def test_a_whole_reply_is_closed_whatever_happens() -> None:
    class Defective(ScriptedBody):
        async def read(self) -> bytes:
            raise ZeroDivisionError

    body = Defective()
    with pytest.raises(ZeroDivisionError):
        run(whole_reply(body, Interpreter()))
    assert body.closed
