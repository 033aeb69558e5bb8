"""Bodies that the guest itself writes: errors, prompts, and uploads it keeps."""

from collections.abc import AsyncIterator

import wit_world
from componentize_py_async_support.futures import FutureReader, FutureWriter
from componentize_py_async_support.streams import ByteStreamReader, ByteStreamWriter
from componentize_py_types import Ok

from wasi_http.wasi_03.futures import Trailers, broken, trailers


class Outflow:
    """A stream and its trailers, and the way to write them.

    Until `write` has come to its end, the body counts as broken off.
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


async def one(data: bytes) -> AsyncIterator[bytes]:
    """Yield `data`, if it is any."""
    if data:
        yield data
