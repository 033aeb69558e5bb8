"""The body port: handed on as the host's stream, or read where the guest has to."""

import asyncio

from componentize_py_async_support.futures import FutureReader
from componentize_py_types import Err
from wit_world.imports import monotonic_clock
from wit_world.imports.wasi_http_types import Request, Response

from wasi_http.error_kinds import kind
from wasi_http.wasi_03.clock import nanoseconds
from wasi_http.wasi_03.futures import Transmission, transmission
from wasi_http.wasi_03.tasks import start
from wire.ports import BodyBroken

READ_SIZE = 65_536
"""Bytes asked for at once."""


class WasiBody:
    """`Body` on a request or a response of wasi:http, which it consumes.

    Whatever comes with a body is held as long as the body: a future that is dropped
    early cuts the stream.
    """

    def __init__(
        self,
        message: Request | Response,
        sent: FutureReader[Transmission] | None = None,
    ) -> None:
        self.sent = sent
        self._taken, taken = transmission()
        if isinstance(message, Request):
            self.stream, self.trailers = Request.consume_body(message, taken)
        else:
            self.stream, self.trailers = Response.consume_body(message, taken)
        self._reading: asyncio.Task[bytes] | None = None

    async def read(self) -> bytes:
        """Return the next bytes as soon as there are any."""
        if self._reading is None:
            return await self._next()
        reading, self._reading = self._reading, None
        return await reading

    async def read_within(self, seconds: float) -> bytes | None:
        """Return the next bytes, or None when nothing came in time.

        What loses the race goes on: a call to the host cannot be taken back, and keeps
        the instance until it returns.
        """
        reading = self._reading = self._reading or start(self._next())
        timer = start(monotonic_clock.wait_for(nanoseconds(seconds)))
        await asyncio.wait((reading, timer), return_when=asyncio.FIRST_COMPLETED)
        return await self.read() if reading.done() else None

    def close(self) -> None:
        """Give up the rest: dropping its reader tells the peer."""
        if self._reading is None:
            self.stream.__exit__(None, None, None)

    def release(self) -> None:
        """Say that nobody needs the body any more."""
        self._taken.__exit__(None, None, None)

    async def _next(self) -> bytes:
        chunk = await self.stream.read(READ_SIZE)
        if chunk or not self.stream.writer_dropped:
            return chunk
        ended = await self.trailers.read()
        if isinstance(ended, Err):
            raise BodyBroken(kind(ended.value))
        return b""
