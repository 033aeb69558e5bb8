"""Event streams: bytes in, events out, whatever the network made of their ends.

See: https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import re
from codecs import BOM_UTF8
from dataclasses import dataclass

EVENT_LIMIT = 1_048_576
"""Bytes of one event's lines: thousands of times what a delta has. What is waited for
is held in memory, so a stream must not decide how much that is."""

_LINE_END = re.compile(rb"\r\n|\r|\n")
_TEXT_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class ServerSentEvent:
    """One event: its name, and its data lines joined by line feeds."""

    event: str
    data: str


class EventTooLarge(Exception):
    """Report an event over `EVENT_LIMIT`.

    `before` holds the events that the same bytes completed before it.
    """

    def __init__(self, before: list[ServerSentEvent]) -> None:
        super().__init__(f"an event of more than {EVENT_LIMIT} bytes")
        self.before = before


class SSEDecoder:
    """A decoder of one stream. `id` and `retry` are read over: nothing reconnects.

    Nothing is looked at twice, so the work grows with the stream's size alone, however
    finely it is cut.
    """

    def __init__(self) -> None:
        self._line: list[bytes] = []
        self._line_size = 0
        self._event_size = 0
        self._event = ""
        self._data: list[str] = []
        self._is_first_line = True
        self._after_carriage_return = False

    def decode(self, chunk: bytes) -> list[ServerSentEvent]:
        """Return the events that end in `chunk`.

        Raises `EventTooLarge`, after which the decoder is of no more use.
        """
        events: list[ServerSentEvent] = []
        *ended, rest = _LINE_END.split(self._without_half_line_end(chunk))
        for line in ended:
            self._hold(line, events)
            self._end_line(events)
        self._hold(rest, events)
        return events

    def flush(self) -> list[ServerSentEvent]:
        """Return the event at the stream's end whose blank line never came, if any.

        The standard discards it. Servers exist that leave its blank line out, or even
        its line end, and their last text must not be lost. The stream may as well have
        been cut there: the caller has to see by the data whether it is whole.
        """
        events: list[ServerSentEvent] = []
        self._end_line(events)
        self._dispatch(events)
        return events

    def _without_half_line_end(self, chunk: bytes) -> bytes:
        """Drop a line feed whose carriage return has ended the line already."""
        if not chunk:
            return chunk
        is_half = self._after_carriage_return and chunk.startswith(b"\n")
        self._after_carriage_return = chunk.endswith(b"\r")
        return chunk[1:] if is_half else chunk

    def _hold(self, piece: bytes, events: list[ServerSentEvent]) -> None:
        self._line.append(piece)
        self._line_size += len(piece)
        if self._event_size + self._line_size > EVENT_LIMIT:
            raise EventTooLarge(events)

    def _end_line(self, events: list[ServerSentEvent]) -> None:
        line = b"".join(self._line)
        self._line.clear()
        self._line_size = 0
        if self._is_first_line:
            line = line.removeprefix(BOM_UTF8)
            self._is_first_line = False
        if not line:
            self._dispatch(events)
        elif not line.startswith(b":"):
            self._event_size += len(line)
            self._read_field(line)

    def _read_field(self, line: bytes) -> None:
        # A line at a time: a character may be cut by a chunk's end, never by a line's.
        name, _, value = line.decode(errors="replace").partition(":")
        if name == "data":
            self._data.append(value.removeprefix(" "))
        elif name == "event":
            self._event = value.removeprefix(" ")

    def _dispatch(self, events: list[ServerSentEvent]) -> None:
        if self._data:
            data = "\n".join(self._data)
            events.append(ServerSentEvent(self._event or "message", data))
        self._data.clear()
        self._event = ""
        self._event_size = 0


def encode(data: str, event: str | None = None) -> bytes:
    """Encode one event; none if there is no data, which clients stumble over.

    Line ends in `data` become those between data lines, so that a client gets line
    feeds. Half surrogates become U+FFFD, as UTF-8 cannot hold them.
    """
    if not data:
        return b""
    lines = [f"event: {event}"] if event else []
    lines += [f"data: {line}" for line in _TEXT_LINE_END.split(data)]
    return to_utf8("\n".join(lines) + "\n\n")


_HALF_SURROGATE = re.compile("[\ud800-\udfff]")


def to_utf8(text: str) -> bytes:
    """Encode text that came out of JSON, which can hold half surrogates."""
    return _HALF_SURROGATE.sub("\ufffd", text).encode()
