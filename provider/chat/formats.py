"""The forms in which `/chat` streams a reply: from deltas to bytes."""

from collections.abc import Callable
from typing import Protocol

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
from provider.chat.strict_json import Json
from provider.compact_json import encode_json
from wire import sse
from wire.errors import error_body

EVENT_STREAM = b"text/event-stream; charset=utf-8"
PLAIN_TEXT = b"text/plain; charset=utf-8"


class Format(Protocol):
    """The encoder of one reply."""

    content_type: bytes
    tells_failures: bool
    """False where a failure can only be told by breaking the transfer."""

    def encode(self, delta: Delta) -> bytes:
        """Return what the client gets for `delta`, often nothing."""


class SseText:
    """`sse-text`: the data is the text itself; a failure is an event named `error`.

    Line ends reach the client as line feeds. Tool calls and counts have no place here,
    and the end of the body is the end.
    """

    content_type = EVENT_STREAM
    tells_failures = True

    def __init__(self) -> None:
        self._after_carriage_return = False

    def encode(self, delta: Delta) -> bytes:
        """Encode text and failures."""
        match delta:
            case Token(text):
                return sse.encode(self._without_half_line_end(text))
            case Failed():
                return sse.encode(failure_body(delta).decode(), "error")
        return b""

    def _without_half_line_end(self, text: str) -> str:
        """Let a line end that is cut in two be one."""
        is_half = self._after_carriage_return and text.startswith("\n")
        self._after_carriage_return = text.endswith("\r")
        return text[1:] if is_half else text


class SseJson:
    """`sse-json`: the upstream's own chunks, as the official clients read them."""

    content_type = EVENT_STREAM
    tells_failures = True

    def encode(self, delta: Delta) -> bytes:
        """Encode chunks as they came, then `[DONE]` or an error."""
        match delta:
            case Chunk(json):
                return sse.encode(json)
            case End():
                return sse.encode("[DONE]")
            case Failed():
                return sse.encode(failure_body(delta).decode())
        return b""


class Events:
    """`events`: one event for each thing said, ended by `end` or `error`."""

    content_type = EVENT_STREAM
    tells_failures = True

    def __init__(self) -> None:
        self._tokens = 0

    def encode(self, delta: Delta) -> bytes:
        """Encode everything but the upstream's own JSON."""
        match delta:
            case Started(model, id):
                return _event("started", {"model": model, "id": id})
            case Token(text, is_refusal):
                return self._token(text, is_refusal)
            case ToolCall():
                return _event("tool_call", {"index": delta.index, **call_fields(delta)})
            case Usage():
                return _event("usage", delta.known())
            case End(finish_reason):
                return _event("end", {"finish_reason": finish_reason})
            case Failed(message, type, code):
                fields = {"message": message, "type": type, "code": code}
                return _event("error", fields)
        return b""

    def _token(self, text: str, is_refusal: bool) -> bytes:
        mark = {"refusal": True} if is_refusal else {}
        encoded = _event("token", {"index": self._tokens, "text": text, **mark})
        self._tokens += 1
        return encoded


class Text:
    """`text`: nothing but the text."""

    content_type = PLAIN_TEXT
    tells_failures = False

    def encode(self, delta: Delta) -> bytes:
        """Encode text."""
        return sse.to_utf8(delta.text) if isinstance(delta, Token) else b""


FORMATS: dict[str, Callable[[], Format]] = {
    "sse-text": SseText,
    "sse-json": SseJson,
    "events": Events,
    "text": Text,
}


def call_fields(call: ToolCall) -> Json:
    """Return a call's members as clients see them."""
    return {"id": call.id, "name": call.name, "arguments": call.arguments}


def failure_body(failure: Failed) -> bytes:
    """Encode a failure as an OpenAI error object."""
    return error_body(failure.message, type=failure.type, code=failure.code, param=None)


def _event(name: str, fields: Json) -> bytes:
    return sse.encode(encode_json(fields).decode(), name)
