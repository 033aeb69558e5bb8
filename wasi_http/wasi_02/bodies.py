"""The body port: what comes in, as chunks."""

from contextlib import ExitStack

from componentize_py_types import Err
from wit_world.imports.types import IncomingBody, OutgoingBody

from wasi_http.wasi_02.clock import wait
from wasi_http.wasi_02.error_codes import stream_failure
from wire.ports import SILENT, BodyBroken

READ_SIZE = 65_536
"""Bytes asked for at once: more than a host's buffer holds, so that none waits."""


class WasiBody:
    """`Body` on wasi:http/types.incoming-body.

    `patience` is how many seconds a client may be silent; an upstream's silence is
    bounded by the host.
    """

    def __init__(
        self, body: IncomingBody, *kept: OutgoingBody, patience: float | None = None
    ) -> None:
        self._patience = patience
        self._resources = ExitStack()
        for outgoing in kept:
            self._resources.enter_context(outgoing)
        self._resources.enter_context(body)
        self.stream = self._resources.enter_context(body.stream())

    async def read(self) -> bytes:
        """Return the next bytes; block until there are any."""
        if self._patience is not None:
            return await self._read_patiently(self._patience)
        chunk = self._next()
        while chunk is None:
            with self.stream.subscribe() as readable:
                readable.block()
            chunk = self._next()
        return chunk

    async def _read_patiently(self, seconds: float) -> bytes:
        chunk = await self.read_within(seconds)
        if chunk is None:
            raise BodyBroken(SILENT)
        return chunk

    async def read_within(self, seconds: float) -> bytes | None:
        """Return the next bytes, or None when nothing came in time."""
        chunk = self._next()
        if chunk is None:
            self.wait(seconds)
            chunk = self._next()
        return chunk

    def wait(self, seconds: float) -> None:
        """Block until there is something to read, but no longer than `seconds`."""
        with self.stream.subscribe() as readable:
            wait(readable, seconds)

    def close(self) -> None:
        """Drop the stream, the body that it belongs to, and what was kept for it."""
        self._resources.close()

    def _next(self) -> bytes | None:
        """Return what is there, None when nothing is yet, `b""` at the end."""
        try:
            return self.stream.read(READ_SIZE) or None
        except Err as error:
            failure = stream_failure(error)
            if failure is None:
                return b""
            raise BodyBroken(failure) from None
