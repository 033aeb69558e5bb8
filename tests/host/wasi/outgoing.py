"""wasi:http/types of messages that go out: requests, responses, their bodies."""

from collections.abc import Callable
from typing import Protocol

from wasmtime.component import Variant

from tests.host.wasi.clocks import Moment
from tests.host.wasi.fields import Fields
from tests.host.wasi.streams import OutputStream, Sink
from tests.host.wasi.table import Resource

OK = Variant("ok")


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
