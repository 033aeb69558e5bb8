"""The body port: handed on as the host's stream, or read where the guest has to."""

from componentize_py_async_support.futures import FutureReader
from componentize_py_types import Err
from wit_world.imports.wasi_http_types import Response

from wasi_http.cases import error_kind
from wasi_http.wasi_03.futures import Transmission, transmission
from wasi_http.wasi_03.tasks import lasting
from wire.ports import BodyBroken

READ_SIZE = 65_536
"""Bytes asked for at once."""


class WasiBody:
    """`Body` on a response of wasi:http, which it consumes.

    Whatever comes with a body is held as long as the body: a future that is dropped
    early cuts the stream.
    """

    def __init__(
        self,
        response: Response,
        sent: FutureReader[Transmission] | None = None,
    ) -> None:
        self.sent = sent
        self._is_reading = False
        self._is_closed = False
        self._is_released = False
        self._taken, taken = transmission()
        self.stream, self.trailers = Response.consume_body(response, taken)

    async def read(self) -> bytes:
        """Return the next bytes as soon as there are any.

        Whoever waits here may be cancelled, and has to close the body then.
        """
        return await lasting(self._read())

    async def _read(self) -> bytes:
        self._is_reading = True
        chunk = await self.stream.read(READ_SIZE)
        self._is_reading = False
        if self._is_closed:
            self._drop_stream()
            return b""
        if chunk or not self.stream.writer_dropped:
            return chunk
        ended = await self.trailers.read()
        self.release()
        if isinstance(ended, Err):
            raise BodyBroken(error_kind(ended.value))
        return b""

    async def read_within(self, seconds: float) -> bytes | None:  # noqa: ARG002
        """Return the next bytes; the host's between-bytes timeout bounds the wait.

        A timer of our own would outlive the handler by as long as it runs, and keep the
        instance: no call to the host can be taken back.
        """
        return await self.read()

    def close(self) -> None:
        """Give up the rest: dropping its reader tells the peer.

        A stream that is being read cannot be dropped before the read ends.
        """
        self._is_closed = True
        self.release()
        if not self._is_reading:
            self._drop_stream()

    def _drop_stream(self) -> None:
        self.stream.__exit__(None, None, None)

    def release(self) -> None:
        """Say that nobody needs the body any more. May be repeated.

        It is said here, in its task: what frees the future later may be in none, and
        could not say it.
        """
        if not self._is_released:
            self._is_released = True
            self._taken.__exit__(None, None, None)
