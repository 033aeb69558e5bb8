"""wasi:http/types as resources."""

import re
from collections.abc import Callable
from typing import Protocol

from wasmtime.component import Variant

from tests.host.wasi.clocks import Moment, Pollable
from tests.host.wasi.streams import InputStream, IoError, OutputStream, Sink, Source
from tests.host.wasi.table import Resource

Headers = list[tuple[str, bytes]]

# What hosts keep to themselves.
# See: https://docs.rs/wasmtime-wasi-http, DEFAULT_FORBIDDEN_HEADERS
FORBIDDEN = frozenset(
    "connection host http2-settings keep-alive proxy-authenticate proxy-authorization "
    "proxy-connection te transfer-encoding upgrade".split()
)
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(rb"[\t\x20-\x7e\x80-\xff]*")
OK = Variant("ok")


class Fields(Resource):
    def __init__(
        self, entries: Headers | None = None, parent: Resource | None = None
    ) -> None:
        super().__init__(parent)
        self._entries = entries or []

    @staticmethod
    def from_list(entries: Headers) -> "Fields | Variant":
        for name, value in entries:
            if not _TOKEN.fullmatch(name) or not _VALUE.fullmatch(value):
                return Variant("invalid-syntax")
            if name.lower() in FORBIDDEN:
                return Variant("forbidden")
        return Fields(entries)

    def entries(self) -> Headers:
        return self._entries


class IncomingBody(Resource):
    def __init__(self, source: Source) -> None:
        super().__init__()
        self._source = source

    def stream(self) -> InputStream:
        return InputStream(self._source, self)

    def dropped(self) -> None:
        self._source.dropped()


class IncomingRequest(Resource):
    def __init__(
        self, method: Variant, target: str, headers: Headers, body: Source
    ) -> None:
        super().__init__()
        self._method = method
        self._target = target
        self._headers = headers
        self._body = body

    def method(self) -> Variant:
        return self._method

    def path_with_query(self) -> str | None:
        return self._target

    def headers(self) -> Fields:
        return Fields(self._headers, self)

    def consume(self) -> IncomingBody:
        return IncomingBody(self._body)


class IncomingResponse(Resource):
    def __init__(self, status: int, headers: Headers, body: Source) -> None:
        super().__init__()
        self._status = status
        self._headers = headers
        self._body = body

    def status(self) -> int:
        return self._status

    def headers(self) -> Fields:
        return Fields(self._headers, self)

    def consume(self) -> IncomingBody:
        return IncomingBody(self._body)


class BodySink(Sink, Protocol):
    """A sink that learns how the body ended."""

    def finished(self) -> None: ...

    def abandoned(self) -> None: ...


class OutgoingBody(Resource):
    """The sink is set when a host takes the message: before, nothing can flow."""

    sink: BodySink | None = None

    def write(self) -> OutputStream:
        return OutputStream(lambda: self.sink or NOT_SENT, self)

    @staticmethod
    def finish(this: "OutgoingBody", trailers: Fields | None) -> None:
        assert trailers is None
        assert this.sink
        this.sink.finished()

    def dropped(self) -> None:
        if self.sink:
            self.sink.abandoned()


class _NotSent:
    """Nobody reads a body whose message has not been sent."""

    def room(self) -> int:
        return 0

    def take(self, data: bytes) -> None:
        raise AssertionError(f"{len(data)} bytes written before the head was sent")

    def flush(self) -> None: ...

    def writable_at(self) -> Moment:
        return None


NOT_SENT = _NotSent()


class OutgoingResponse(Resource):
    def __init__(self, headers: Fields) -> None:
        super().__init__()
        self.headers = headers.entries()
        self.status = 200
        self.content = OutgoingBody()

    def set_status_code(self, status: int) -> Variant:
        self.status = status
        return OK

    def body(self) -> OutgoingBody:
        return self.content


class ResponseOutparam(Resource):
    def __init__(self, answered: Callable[[OutgoingResponse | Variant], None]) -> None:
        super().__init__()
        self._answered = answered

    @staticmethod
    def set(param: "ResponseOutparam", response: OutgoingResponse | Variant) -> None:
        param._answered(response)


class OutgoingRequest(Resource):
    def __init__(self, headers: Fields) -> None:
        super().__init__()
        self.headers = headers.entries()
        self.method = "get"
        self.scheme: str | None = None
        self.authority: str | None = None
        self.target: str | None = None
        self.content = OutgoingBody()

    def body(self) -> OutgoingBody:
        return self.content

    def set_method(self, method: Variant) -> Variant:
        self.method = method.payload or method.tag
        return OK

    def set_scheme(self, scheme: Variant | None) -> Variant:
        self.scheme = scheme.tag if scheme else None
        return OK

    def set_authority(self, authority: str | None) -> Variant:
        self.authority = authority
        return OK

    def set_path_with_query(self, target: str | None) -> Variant:
        self.target = target
        return OK


class RequestOptions(Resource):
    def __init__(self) -> None:
        super().__init__()
        self.timeouts: dict[str, int | None] = {}

    def set_connect_timeout(self, duration: int | None) -> Variant:
        return self._set("connect", duration)

    def set_first_byte_timeout(self, duration: int | None) -> Variant:
        return self._set("first-byte", duration)

    def set_between_bytes_timeout(self, duration: int | None) -> Variant:
        return self._set("between-bytes", duration)

    def _set(self, name: str, duration: int | None) -> Variant:
        self.timeouts[name] = duration
        return OK


class FutureIncomingResponse(Resource):
    def __init__(
        self,
        when: Callable[[], Moment],
        take: Callable[[], IncomingResponse | Variant | None],
        dropped: Callable[[], None],
    ) -> None:
        super().__init__()
        self._when = when
        self._take = take
        self._dropped = dropped
        self._is_taken = False

    def subscribe(self) -> Pollable:
        return Pollable(self._when, self)

    def get(self) -> Variant:
        """Return none before the answer is there; a second call gets an error."""
        answer = self._take()
        if answer is None and not self._is_taken:
            return Variant("none")
        if self._is_taken:
            return Variant("some", None)
        self._is_taken = True
        return Variant("some", answer)

    def dropped(self) -> None:
        self._dropped()


def http_error_code(error: IoError) -> Variant:
    return error.code
