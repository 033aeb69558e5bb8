"""Whole streams through `/chat`: every fixture, however it is cut and ended."""

import json
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provider.chat.formats import FORMATS
from provider.chat.interpreter import Interpreter
from provider.chat.reply import stream_pieces
from tests.fixtures.chats import ANSWER, FAILURES, TEXTS, streams
from tests.unit.fakes import response, run
from wire.ports import BodyBroken
from wire.sse import SSEDecoder

HERE = Path(__file__).parents[1] / "fixtures"
NAMES = sorted(streams())
# Mixed so that no carriage return meets a blank line's line feed: that is one end.
LINE_ENDS = {
    "LF": [b"\n"],
    "CRLF": [b"\r\n"],
    "CR": [b"\r"],
    "mixed": [b"\r\n", b"\n", b"\r"],
}
SMALL = 500
"""Bytes of a fixture that is tried at every split, in each of the line ends."""

Told = list[tuple[str, Any]]


@cache
def ended(name: str, ends: str) -> bytes:
    """Return a fixture with other line ends."""
    *lines, rest = (HERE / f"{name}.sse").read_bytes().split(b"\n")
    pairs = zip(lines, cycle(LINE_ENDS[ends]), strict=False)
    return b"".join(line + end for line, end in pairs) + rest


def answer(format: str, *chunks: bytes) -> bytes:
    """Return all that a client gets, a mark at its end if the transfer broke."""
    upstream = response(200, *filter(None, chunks), content_type="text/event-stream")
    pieces = stream_pieces(upstream, FORMATS[format](), Interpreter())
    taken: list[bytes] = []

    async def take() -> None:
        async for piece in pieces:
            taken.append(piece)

    try:
        run(take())
    except BodyBroken as broken:
        taken.append(f"<{broken.kind}>".encode())
    return b"".join(taken)


def told(answered: bytes) -> Told:
    """Return the events of an answer, their data parsed."""
    events = SSEDecoder().decode(answered)
    return [(event.event, json.loads(event.data)) for event in events]


@cache
def text_of(answered: bytes) -> str:
    """Check what holds of every answer in `events` form, and return its text."""
    events = told(answered)
    names = [name for name, _ in events]
    assert names[0] == "started"
    assert [name for name in names if name in ("end", "error")] == names[-1:]
    for counted in ("token", "tool_call"):
        indices = [fields["index"] for name, fields in events if name == counted]
        assert indices == list(range(len(indices)))
    return "".join(fields["text"] for name, fields in events if name == "token")


@pytest.mark.parametrize("name", NAMES)
def test_the_fixture_is_what_its_generator_makes(name: str) -> None:
    assert (HERE / f"{name}.sse").read_bytes() == streams()[name]


def test_there_are_no_other_fixtures() -> None:
    found = [*HERE.glob("chat/*.sse"), *HERE.glob("completions/*.sse")]
    assert sorted(str(path.relative_to(HERE))[:-4] for path in found) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_text_and_the_end_are_the_fixtures(name: str) -> None:
    answered = answer("events", ended(name, "LF"))
    assert text_of(answered) == TEXTS.get(name, "".join(ANSWER))
    last, fields = told(answered)[-1]
    assert last == ("error" if name in FAILURES else "end")
    assert fields.get("code") == FAILURES.get(name)


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_events_tell_the_same_for_every_split_and_line_end(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(NAMES))
    stream = ended(name, data.draw(st.sampled_from(sorted(LINE_ENDS))))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=12)))
    chunks = [
        stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)
    ]
    answered = answer("events", *chunks)
    assert text_of(answered) == TEXTS.get(name, "".join(ANSWER))
    assert answered == answer("events", ended(name, "LF"))


@pytest.mark.parametrize("name", NAMES)
def test_events_tell_the_same_byte_by_byte(name: str) -> None:
    stream = ended(name, "mixed")
    single = [stream[at : at + 1] for at in range(len(stream))]
    assert answer("events", *single) == answer("events", ended(name, "LF"))


@pytest.mark.parametrize("ends", LINE_ENDS)
@pytest.mark.parametrize(
    "name", [name for name in NAMES if len(streams()[name]) < SMALL]
)
def test_events_tell_the_same_at_every_single_split(name: str, ends: str) -> None:
    stream = ended(name, ends)
    expected = answer("events", ended(name, "LF"))
    for at in range(len(stream)):
        assert answer("events", stream[:at], stream[at:]) == expected, at


@pytest.mark.parametrize("name", NAMES)
def test_the_formats_agree(name: str) -> None:
    stream = ended(name, "LF")
    text = TEXTS.get(name, "".join(ANSWER))
    plain, broken, kind = answer("text", stream).decode().partition("<")
    assert (plain, bool(broken)) == (text, name in FAILURES)
    assert kind in ("", "upstream_error>", "upstream_incomplete>")
    named = SSEDecoder().decode(answer("sse-text", stream))
    lines = "".join(event.data for event in named if event.event == "message")
    assert lines == text.replace("\r\n", "\n")
    assert [event.event for event in named].count("error") == (name in FAILURES)


@pytest.mark.parametrize("name", sorted(set(NAMES) - set(FAILURES)))
def test_sse_json_passes_every_chunk_on_as_it_came(name: str) -> None:
    decoder = SSEDecoder()
    sent = decoder.decode(ended(name, "CRLF")) + decoder.flush()
    got = SSEDecoder().decode(answer("sse-json", ended(name, "CRLF")))
    chunks = [event for event in sent if event.data != "[DONE]"]
    assert got[:-1] == chunks
    assert (got[-1].event, got[-1].data) == ("message", "[DONE]")


def test_events_tell_calls_refusals_counts_and_filters() -> None:
    calls = told(answer("events", ended("chat/tool_calls", "LF")))
    weather = {"id": "call_1", "name": "get_weather", "arguments": '{"city":"Zürich"}'}
    clock = {"id": "call_2", "name": "get_time", "arguments": "{}"}
    assert calls[1:] == [
        ("tool_call", {"index": 0, **weather}),
        ("tool_call", {"index": 1, **clock}),
        ("end", {"finish_reason": "tool_calls"}),
    ]
    whole = told(answer("events", ended("chat/whole_calls", "LF")))
    assert [fields["name"] for name, fields in whole if name == "tool_call"] == [
        "get_weather",
        "get_time",
    ]
    refused = told(answer("events", ended("chat/refusal", "LF")))
    assert [fields.get("refusal") for _, fields in refused[1:-1]] == [True, True]
    filtered = told(answer("events", ended("chat/azure_content_filter", "LF")))
    assert filtered[0][1]["model"] == "gpt-4.1-2025-04-14"
    assert filtered[-1] == ("end", {"finish_reason": "content_filter"})


@pytest.mark.parametrize(
    ("name", "details"),
    [
        ("chat/with_usage", {"cached_tokens": 3, "reasoning_tokens": 2}),
        ("chat/groq_usage", {}),
        ("chat/usage_in_last_chunk", {}),
        ("completions/with_usage", {}),
    ],
)
def test_events_tell_the_counts_once(name: str, details: dict[str, int]) -> None:
    events = told(answer("events", ended(name, "LF")))
    counts = {"input_tokens": 17, "output_tokens": 4, "total_tokens": 21, **details}
    assert [fields for name, fields in events if name == "usage"] == [counts]
    assert [name for name, _ in events[-2:]] == ["usage", "end"]
