"""Bodies that the guest itself writes: replies it makes, prompts, uploads it keeps."""

import asyncio
from collections.abc import AsyncIterator, Callable

import wit_world
from componentize_py_async_support.futures import FutureReader, FutureWriter
from componentize_py_async_support.streams import ByteStreamReader, ByteStreamWriter
from componentize_py_types import Ok

from wasi_http.wasi_03.futures import Trailers, broken, trailers
from wasi_http.wasi_03.tasks import sleep, start
from wire.ports import ClientGone, Pieces

CLIENT_CHECK_SECONDS = 0.5
"""How often to look for a client that has gone while no piece comes."""
LINGER_SECONDS = 0.02
"""Between the last bytes and a break: hyper, below wasmtime, drops what it has taken
but not yet sent when a body fails in the same moment."""


class Outflow:
    """A stream and its trailers, and the way to write them.

    Until `write` or `send` has come to its end, the body counts as broken off.
    """

    def __init__(self) -> None:
        self._writer: ByteStreamWriter
        self._end: FutureWriter[Trailers]
        self.stream: ByteStreamReader
        self.trailers: FutureReader[Trailers]
        self._writer, self.stream = wit_world.byte_stream()
        self._end, self.trailers = trailers(unless_written=broken())

    async def write(self, pieces: AsyncIterator[bytes]) -> None:
        """Write all `pieces`, each as soon as it is there, unless nobody reads."""
        with self._end:
            with self._writer as writer:
                async for piece in pieces:
                    await writer.write_all(piece)
                    if writer.reader_dropped:
                        return
            await self._end.write(Ok(None))

    async def send(self, pieces: Pieces, note: Callable[[bytes], object]) -> None:
        """Write all `pieces` to a client, and call `note` with each that was taken.

        A client that goes away is noticed also while no piece comes: the wait for the
        next one is cancelled then. In every case `pieces` is closed.

        Raises `ClientGone`, and whatever `pieces` raises: the client sees a break.
        """
        sending = Sending(self._writer, note)
        with self._end:
            await sending.send(pieces)
            await self._end.write(Ok(None))


class Sending:
    """One reply on its way to a client, piece by piece."""

    def __init__(
        self, writer: ByteStreamWriter, note: Callable[[bytes], object]
    ) -> None:
        self._writer = writer
        self._note = note
        self._turn = asyncio.Lock()
        """A stream takes one write at a time."""
        self._is_waiting = False
        """The next piece is awaited: this alone may be cancelled."""

    async def send(self, pieces: Pieces) -> None:
        """Write all `pieces`; raises as `Outflow.send`."""
        work = start(self._send_all(pieces))
        start(self._watch(work))
        await asyncio.wait((work,))
        try:
            work.result()
        finally:
            del work  # It holds what it raises, and that this frame.

    async def _send_all(self, pieces: Pieces) -> None:
        try:
            while (piece := await self._next(pieces)) is not None:
                await self._put(piece)
                self._note(piece)
        except ClientGone:
            raise
        except Exception:
            await self._deliver()
            raise
        finally:
            await pieces.aclose()
            async with self._turn:
                self._writer.__exit__(None, None, None)

    async def _next(self, pieces: Pieces) -> bytes | None:
        self._is_waiting = True
        try:
            return await anext(pieces, None)
        except asyncio.CancelledError:
            raise ClientGone from None
        finally:
            self._is_waiting = False

    async def _put(self, data: bytes) -> None:
        """Write `data` as the client takes it; with none, ask if the client is there.

        A write of no bytes sends nothing: hyper drops an empty chunk.
        """
        async with self._turn:
            await (self._writer.write_all(data) if data else self._writer.write(data))
        if self._writer.reader_dropped:
            raise ClientGone

    async def _watch(self, work: "asyncio.Task[None]") -> None:
        while not work.done():
            await sleep(CLIENT_CHECK_SECONDS)
            if self._is_waiting and await self._has_gone() and self._is_waiting:
                work.cancel()
                return

    async def _has_gone(self) -> bool:
        try:
            await self._put(b"")
        except ClientGone:
            return True
        return False

    async def _deliver(self) -> None:
        """Wait until what was written is on its way: a break would overtake it."""
        if not await self._has_gone():
            await sleep(LINGER_SECONDS)


async def one(data: bytes) -> AsyncIterator[bytes]:
    """Yield `data`, if it is any."""
    if data:
        yield data
