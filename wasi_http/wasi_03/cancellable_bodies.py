"""The body of an upstream's reply: whoever reads it may give it up in mid-read."""

import wit_world
from componentize_py_async_support.futures import FutureReader
from componentize_py_async_support.streams import ByteStreamWriter
from wit_world.imports import cancellation
from wit_world.imports.wasi_http_types import Response

from wasi_http.wasi_03.bodies import WasiBody
from wasi_http.wasi_03.futures import Transmission


class CancellableBody(WasiBody):
    """`Body` on a response, relayed by the host unless it is read here.

    Its first read puts `cancellation` before the host's stream: a guest of
    componentize-py cannot drop a stream that it is reading, and a silent upstream
    would be held until it spoke.
    """

    def __init__(self, response: Response, sent: FutureReader[Transmission]) -> None:
        super().__init__(response, sent)
        self._held: ByteStreamWriter | None = None

    async def _read(self) -> bytes:
        if self._held is None:
            self._held, held = wit_world.byte_stream()
            self.stream = await cancellation.cancellable(self.stream, held)
        return await super()._read()

    def close(self) -> None:
        """Give up the rest; a read that is pending ends at once."""
        if self._held:
            self._held.__exit__(None, None, None)
        super().close()
