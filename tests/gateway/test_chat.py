"""`POST /chat`: the upstream's text in every form, whole and untouched."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.e2e import replies
from tests.e2e.client import TEXT, send
from tests.e2e.exchange import EVENT_STREAM
from tests.e2e.marked import CLIENT_SECRET, REPLY
from tests.e2e.proxy import ROOT, Proxy
from tests.e2e.upstream import Script, Upstream
from tests.fixtures import chats
from tests.gateway.chatting import (
    CHAT,
    FORMATS,
    Answer,
    ask,
    asking,
    events_of,
    failure_in,
    parsed,
    receive,
    text_in,
    whole,
)

NAMES = sorted(chats.streams())
ODD = [1, 2, 3, 50]
"""Bytes of the pieces in which the upstream sends a fixture."""
OWN_TYPE = {"text": "text/plain; charset=utf-8"}
PASSED = {
    "x-request-id": "req_of_the_upstream",
    "x-ratelimit-remaining-requests": "59",
    "openai-processing-ms": "12",
}
DROPPED = {"set-cookie": CLIENT_SECRET, "server": "Scripted", "x-other": "x"}

formats = pytest.mark.parametrize("format", FORMATS)


def _fixture(name: str) -> bytes:
    return (ROOT / Path("tests/fixtures", name).with_suffix(".sse")).read_bytes()


def _api(name: str) -> str:
    return name.partition("/")[0]


def _expected(name: str, format: str) -> str:
    text = chats.TEXTS.get(name, "".join(chats.ANSWER))
    # An event's data has no other line ends than line feeds.
    return re.sub("\r\n?", "\n", text) if format == "sse-text" else text


@formats
@pytest.mark.parametrize("name", NAMES)
def test_every_fixture(
    proxy: Proxy, upstream: Upstream, name: str, format: str
) -> None:
    upstream.play(replies.stream(replies.cut(_fixture(name), ODD)))
    answer = receive(proxy, format=format, api=_api(name))
    assert answer.response.status_code == 200
    assert text_in(format, answer.body) == _expected(name, format)
    if code := chats.FAILURES.get(name):
        _check_failed(format, answer, code)
    else:
        _check_ended(format, answer)


def _check_failed(format: str, answer: Answer, code: str) -> None:
    assert answer.is_broken == (format == "text")
    if format != "text":
        assert failure_in(format, answer)["code"] == code


def _check_ended(format: str, answer: Answer) -> None:
    assert not answer.is_broken
    if format == "sse-json":
        assert events_of(answer.body)[-1] == ("message", "[DONE]")
    elif format == "sse-text":
        assert {name for name, _ in events_of(answer.body)} <= {"message"}
    elif format == "events":
        _check_events(parsed(answer.body))


def _check_events(events: list[tuple[str, Any]]) -> None:
    names = [name for name, _ in events]
    assert names[0] == "started"
    assert names.index("end") == len(names) - 1
    indices = [fields["index"] for name, fields in events if name == "token"]
    assert indices == list(range(len(indices)))


def test_all_that_events_tell(proxy: Proxy, upstream: Upstream) -> None:
    upstream.play(replies.stream([_fixture("chat/with_usage")]))
    assert parsed(receive(proxy, format="events").body) == [
        ("started", {"model": "gpt-4.1-2025-04-14", "id": "chatcmpl-68f0a1"}),
        *(
            ("token", {"index": index, "text": text})
            for index, text in enumerate(chats.ANSWER)
        ),
        (
            "usage",
            {
                "input_tokens": 17,
                "output_tokens": 4,
                "total_tokens": 21,
                "cached_tokens": 3,
                "reasoning_tokens": 2,
            },
        ),
        ("end", {"finish_reason": "stop"}),
    ]


def test_tool_calls_as_events(proxy: Proxy, upstream: Upstream) -> None:
    upstream.play(replies.stream(replies.cut(_fixture("chat/tool_calls"), ODD)))
    events = parsed(receive(proxy, format="events").body)
    calls = [fields for name, fields in events if name == "tool_call"]
    assert [call["name"] for call in calls] == ["get_weather", "get_time"]
    assert calls[0] == {
        "index": 0,
        "id": "call_1",
        "name": "get_weather",
        "arguments": '{"city":"Zürich"}',
    }
    assert events[-1] == ("end", {"finish_reason": "tool_calls"})


def test_the_upstreams_own_chunks(proxy: Proxy, upstream: Upstream) -> None:
    sent = _fixture("chat/text_run")
    upstream.play(replies.stream(replies.cut(sent, ODD)))
    assert receive(proxy, format="sse-json").body == sent


@formats
def test_the_head_of_a_stream(proxy: Proxy, upstream: Upstream, format: str) -> None:
    upstream.play(replies.stream(whole(), EVENT_STREAM | PASSED | DROPPED))
    response = receive(proxy, format=format).response
    headers = dict(response.headers.multi_items())
    assert len(headers) == len(response.headers.multi_items())
    headers.pop("date")
    assert headers == {
        "content-type": OWN_TYPE.get(format, "text/event-stream; charset=utf-8"),
        "cache-control": "no-cache",
        "x-accel-buffering": "no",
        "transfer-encoding": "chunked",
        **PASSED,
    }


def test_the_default_is_a_stream_of_text(proxy: Proxy, upstream: Upstream) -> None:
    upstream.play(replies.stream(whole("a\nb")))
    # Whatever the type says: a form in a browser cannot send JSON's.
    response = send(proxy, "POST", f"{CHAT}?x=1", content=asking(), headers=TEXT)
    assert response.text == "data: a\ndata: b\n\n"


def _message(**fields: object) -> chats.Chunk:
    message = {"role": "assistant", "content": REPLY, **fields}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    usage = {**chats.COUNTS, **chats.DETAILS}
    return chats.bare(object="chat.completion", choices=[choice], usage=usage)


def _said(reply: chats.Chunk, **headers: str) -> Script:
    return replies.answer(200, json.dumps(reply).encode(), replies.JSON | headers)


def test_a_reply_that_is_no_stream(proxy: Proxy, upstream: Upstream) -> None:
    upstream.play(_said(_message(), **PASSED, **DROPPED))
    response = ask(proxy, stream=False)
    assert response.status_code == 200
    assert response.json() == {
        "id": "chatcmpl-68f0a1",
        "model": "gpt-4.1-2025-04-14",
        "text": REPLY,
        "tool_calls": [],
        "finish_reason": "stop",
        "usage": {
            "input_tokens": 17,
            "output_tokens": 4,
            "total_tokens": 21,
            "cached_tokens": 3,
            "reasoning_tokens": 2,
        },
    }
    headers = response.headers
    assert headers["content-type"] == "application/json"
    assert headers["cache-control"] == "no-store"
    assert PASSED.items() <= dict(headers).items()
    assert not DROPPED.keys() & headers.keys()


def test_a_refusal_and_calls_that_are_no_stream(
    proxy: Proxy, upstream: Upstream
) -> None:
    called = {"name": "get_time", "arguments": "{}"}
    call = {"id": "call_1", "type": "function", "function": called}
    reply = _message(content=None, refusal=REPLY, tool_calls=[call])
    upstream.play(_said(reply))
    said = ask(proxy, stream=False).json()
    assert (said["text"], said["refusal"]) == ("", REPLY)
    assert said["tool_calls"] == [{"id": "call_1", **called}]


def test_a_completion_that_is_no_stream(proxy: Proxy, upstream: Upstream) -> None:
    [reply] = chats.completion(REPLY)
    upstream.play(_said(reply))
    said = ask(proxy, stream=False, api="completions").json()
    assert (said["text"], said["finish_reason"]) == (REPLY, "stop")
    assert said["usage"] is None


@formats
def test_json_in_the_place_of_a_stream(
    proxy: Proxy, upstream: Upstream, format: str
) -> None:
    """Some servers do not stream, whatever they are asked for."""
    upstream.play(_said(_message()))
    answer = receive(proxy, format=format)
    assert text_in(format, answer.body) == REPLY
    _check_ended(format, answer)
