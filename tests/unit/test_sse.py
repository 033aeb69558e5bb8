import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wire.sse import (
    EVENT_LIMIT,
    EventTooLarge,
    ServerSentEvent,
    SSEDecoder,
    encode,
    to_utf8,
)

Read = list[tuple[str, str]]


def decode(*chunks: bytes, flush: bool = False) -> Read:
    decoder = SSEDecoder()
    events = [event for chunk in chunks for event in decoder.decode(chunk)]
    if flush:
        events += decoder.flush()
    return [(event.event, event.data) for event in events]


def message(*data: str) -> Read:
    return [("message", each) for each in data]


STREAMS: dict[bytes, Read] = {
    # The standard's own examples.
    b"data: YHOO\ndata: +2\ndata: 10\n\n": message("YHOO\n+2\n10"),
    b": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\n"
    b"data:  third event\n\n": message("first event", "second event", " third event"),
    b"data\n\ndata\ndata\n\ndata:": message("", "\n"),
    b"data:test\n\ndata: test\n\n": message("test", "test"),
    # Names.
    b"event: add\ndata: 1\n\ndata: 2\n\n": [("add", "1"), ("message", "2")],
    b"event: a\nevent: b\ndata: 1\n\n": [("b", "1")],
    b"event: a\n\ndata: 1\n\n": message("1"),
    b"event\ndata: 1\n\n": message("1"),
    # What dispatches nothing.
    b"": [],
    b"\n\n\n": [],
    b": keep-alive\n\n:\n\n": [],
    b"id: 1\nretry: 10\nunknown: x\nData: x\n data: x\n\n": [],
    b"retry: 10\n\ndata: 1\n\n": message("1"),
    # Line ends, and what is none.
    b"data: 1\r\ndata: 2\r\n\r\n": message("1\n2"),
    b"data: 1\rdata: 2\r\r": message("1\n2"),
    b"data: 1\r\rdata: 2\n\n": message("1", "2"),
    b"data: 1\r\n\rdata: 2\n\r\n": message("1", "2"),
    "data: a\u2028b\u2029c\u0085d\x0be\n\n".encode(): message(
        "a\u2028b\u2029c\u0085d\x0be"
    ),
    # Bytes.
    b"\xef\xbb\xbfdata: 1\n\n": message("1"),
    b"\xef\xbb\xbf\ndata: 1\n\n": message("1"),
    b"\xef\xbb\xbf\xef\xbb\xbfdata: 1\n\ndata: 2\n\n": message("2"),
    b"\ndata: 1\n\xef\xbb\xbfdata: 2\n\n": message("1"),
    "data: Zürich 中 𝄞\n\n".encode(): message("Zürich 中 𝄞"),
    b"data: a\xffb\xc3\n\n": message("a\ufffdb\ufffd"),
    b"data: a:b: c\n\n": message("a:b: c"),
}


@pytest.mark.parametrize("stream", STREAMS)
def test_reads_a_stream_in_one_piece(stream: bytes) -> None:
    assert decode(stream) == STREAMS[stream]


@pytest.mark.parametrize("stream", STREAMS)
def test_reads_a_stream_at_every_split(stream: bytes) -> None:
    expected = STREAMS[stream]
    for at in range(len(stream) + 1):
        assert decode(stream[:at], b"", stream[at:]) == expected, at
    assert decode(*(bytes([byte]) for byte in stream)) == expected


@settings(max_examples=60)
@given(st.data(), st.sampled_from(sorted(STREAMS)))
def test_reads_a_stream_at_several_splits(data: st.DataObject, stream: bytes) -> None:
    cuts = data.draw(st.lists(st.integers(0, len(stream)), max_size=6).map(sorted))
    ends = [*cuts, len(stream)]
    chunks = [stream[a:b] for a, b in zip([0, *cuts], ends, strict=True)]
    assert decode(*chunks) == STREAMS[stream]


def test_an_event_is_there_with_its_last_line_end() -> None:
    decoder = SSEDecoder()
    assert decoder.decode(b"data: 1\r\n\r") == [ServerSentEvent("message", "1")]
    assert decoder.decode(b"\ndata: 2\n") == []
    assert decoder.decode(b"\n") == [ServerSentEvent("message", "2")]


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        (b"data: 1\n", message("1")),
        (b"data: 1\r\n", message("1")),
        (b"data: 1\r", message("1")),
        (b"data: 1", message("1")),
        (b"event: a\ndata: 1\ndata: 2", [("a", "1\n2")]),
        (b"data: 1\n\n", message("1")),
        (b"event: a\n", []),
        (b": comment", []),
        (b"", []),
        (b"data: 1\n\ndata: \xe4\xb8", message("1", "\ufffd")),
    ],
)
def test_an_event_without_its_blank_line_comes_at_the_flush(
    stream: bytes, expected: Read
) -> None:
    assert decode(stream, flush=True) == expected
    unflushed = decode(stream)
    assert unflushed == (expected[:1] if b"\n\n" in stream else [])


def event_of(size: int) -> bytes:
    return b"data:" + b"x" * (size - 5)


def test_an_event_may_be_as_large_as_the_limit() -> None:
    [(_, data)] = decode(event_of(EVENT_LIMIT) + b"\n\n")
    assert len(data) == EVENT_LIMIT - 5
    half = event_of(EVENT_LIMIT // 2)
    assert len(decode(*[half + b"\n", half + b"\n", b"\n"] * 2)) == 2


@pytest.mark.parametrize(
    "stream",
    [
        event_of(EVENT_LIMIT + 1),
        event_of(EVENT_LIMIT + 1) + b"\n\n",
        b":" + b"x" * EVENT_LIMIT,
        (event_of(EVENT_LIMIT // 2) + b"\n") * 2 + b"d",
    ],
    ids=["open line", "event", "comment", "lines"],
)
def test_a_larger_event_is_an_error_that_keeps_what_came_before(stream: bytes) -> None:
    decoder = SSEDecoder()
    with pytest.raises(EventTooLarge, match=str(EVENT_LIMIT)) as raised:
        decoder.decode(b"data: 1\n\n" + stream)
    assert raised.value.before == [ServerSentEvent("message", "1")]


def test_the_limit_holds_for_an_event_in_many_chunks() -> None:
    decoder = SSEDecoder()
    piece = b"data:" + b"x" * 65_531
    with pytest.raises(EventTooLarge):
        for count in range(EVENT_LIMIT // len(piece) + 1):  # noqa: B007
            decoder.decode(piece)
    assert count == EVENT_LIMIT // len(piece)


def test_comments_count_no_longer_than_they_last() -> None:
    decoder = SSEDecoder()
    comment = b":" + b"x" * 65_534 + b"\n"
    for _ in range(2 * EVENT_LIMIT // len(comment)):
        assert decoder.decode(comment) == []
    assert decoder.decode(b"data: 1\n\n") == [ServerSentEvent("message", "1")]


def test_a_byte_costs_the_same_in_a_long_line() -> None:
    """What is held is not looked at again: that would cost a hundred times as much."""

    def seconds(held: int) -> float:
        decoder = SSEDecoder()
        decoder.decode(b"x" * held)
        started = time.process_time()
        for _ in range(2_000):
            decoder.decode(b"x")
        return time.process_time() - started

    short = min(seconds(0) for _ in range(3))
    long = min(seconds(EVENT_LIMIT - 2_000) for _ in range(3))
    assert long < 10 * short


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("text", b"data: text\n\n"),
        (" text", b"data:  text\n\n"),
        ("a\nb", b"data: a\ndata: b\n\n"),
        ("a\r\nb\rc\n", b"data: a\ndata: b\ndata: c\ndata: \n\n"),
        ("\n", b"data: \ndata: \n\n"),
        ("\u2028\x0b\u0085", "data: \u2028\x0b\u0085\n\n".encode()),
        ("", b""),
        ("Zürich", "data: Zürich\n\n".encode()),
        ("a\ud83d", "data: a\ufffd\n\n".encode()),
    ],
)
def test_encodes_text(data: str, expected: bytes) -> None:
    assert encode(data) == expected


def test_encodes_a_name() -> None:
    assert encode("1", "end") == b"event: end\ndata: 1\n\n"
    assert encode("", "end") == b""


@settings(max_examples=60)
@given(st.text(st.characters(exclude_characters="\r", exclude_categories=["Cs"])))
def test_decodes_what_it_encodes(text: str) -> None:
    assert decode(encode(text)) == (message(text) if text else [])


def test_half_surrogates_become_a_replacement_character() -> None:
    assert to_utf8("a\ud83db\udc00") == "a\ufffdb\ufffd".encode()
