"""The body port, for what a client sends: it may not be silent for long."""

from componentize_py_types import Err
from wit_world import u64_future
from wit_world.imports.bounded_body import bound
from wit_world.imports.wasi_http_types import Request

from wasi_http.cases import error_kind
from wasi_http.times import nanoseconds
from wasi_http.wasi_03.bodies import READ_SIZE
from wasi_http.wasi_03.futures import transmission
from wasi_http.wasi_03.tasks import lasting
from wire.ports import BodyBroken


class ClientBody:
    """`Body` of a client's request, which `bounded-body` reads: it can stop reading."""

    def __init__(self, request: Request, patience: float) -> None:
        """Take the body of `request`, whose client may be silent for `patience` s.

        It is left alone until somebody reads.
        """
        self._patience = patience
        self._request: Request | None = request
        self._is_reading = False
        self._is_closed = False

    async def read(self) -> bytes:
        """Return the next bytes as soon as there are any; `b""` is the end.

        Whoever waits here may be cancelled, and has to close the body then.
        """
        return b"" if self._is_closed else await lasting(self._read())

    async def read_within(self, seconds: float) -> bytes | None:  # noqa: ARG002
        """Do as `read`: the wait is bounded by the client's patience."""
        return await self.read()

    async def _read(self) -> bytes:
        self._is_reading = True
        try:
            if self._request is not None:
                await self._begin(self._request)
            chunk: bytes = await self._stream.read(READ_SIZE)
            if chunk or not self._stream.writer_dropped:
                return b"" if self._is_closed else chunk
            ended = await self._end.read()
        finally:
            self._is_reading = False
            if self._is_closed:
                self._drop()
        if isinstance(ended, Err):
            raise BodyBroken(error_kind(ended.value))
        return b""

    async def _begin(self, request: Request) -> None:
        self._request = None
        self._stop, stopped = u64_future(lambda: 0)
        self._taken, taken = transmission()
        contents, trailers = Request.consume_body(request, taken)
        self._stream, self._end = await bound(
            contents, trailers, stopped, nanoseconds(self._patience)
        )

    def close(self) -> None:
        """Give up the rest: the client's connection ends. May be repeated."""
        if self._is_closed:
            return
        self._is_closed = True
        if self._request is not None:
            self._request.__exit__(None, None, None)
        else:
            self._stop.__exit__(None, None, None)
        if not self._is_reading:
            self._drop()

    def _drop(self) -> None:
        if self._request is None:
            self._stream.__exit__(None, None, None)
            self._end.__exit__(None, None, None)
            self._taken.__exit__(None, None, None)
