"""wasi:http/types of messages that come in: requests, responses, their bodies."""

from collections.abc import Callable

from wasmtime.component import Variant

from tests.host.wasi.clocks import Moment, Pollable
from tests.host.wasi.fields import Fields, Headers
from tests.host.wasi.streams import InputStream, IoError, Source
from tests.host.wasi.table import Resource


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
