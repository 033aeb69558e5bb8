"""A request's body on its way out, and when it is all gone."""

from collections.abc import AsyncIterator

from componentize_py_async_support.futures import FutureReader, FutureWriter
from wit_world import u64_future
from wit_world.imports import monotonic_clock

from wasi_http.times import nanoseconds
from wasi_http.wasi_03.tasks import sleep, start
from wasi_http.wasi_03.writing import Outflow
from wire.ports import Timeouts

CHECK_SECONDS = 0.5
"""How often to look for an upstream that takes nothing."""


class Departure:
    """The sending of one body: `sent` tells the bounded client what to wait for."""

    def __init__(self, outflow: Outflow, timeouts: Timeouts) -> None:
        self._outflow = outflow
        self._timeouts = timeouts
        self._patience = timeouts.head
        """How long the head may take: with the time to connect, unless that is over."""
        self._offered: int | None = None
        """Since when the upstream could take a piece and has not."""
        self._is_over = False
        self.sent: FutureReader[int]
        told, self.sent = u64_future(lambda: 0)
        self._told: FutureWriter[int] | None = told

    async def write(self, pieces: AsyncIterator[bytes]) -> None:
        """Write all `pieces`, as `Outflow.write` does; raises what they raise."""
        patience = 0.0
        try:
            await self._outflow.write(self._noted(pieces))
            patience = self._patience
        finally:
            self._is_over = True
            await self._tell(patience)

    async def _noted(self, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """Yield the pieces, and note between them how it goes.

        The first is taken before anybody is connected, and the second only after it.
        """
        count = 0
        async for piece in pieces:
            count += 1
            if count == 2:
                start(self._watch())
            self._offered = monotonic_clock.now()
            yield piece
            self._offered = None
            if count == 2:
                self._patience = self._timeouts.first_byte

    async def _watch(self) -> None:
        """Give the request up if its upstream takes nothing for too long."""
        while not self._is_over:
            await sleep(CHECK_SECONDS)
            if self._offered is not None and self._is_late(self._offered):
                await self._tell(0.0)
                return

    def _is_late(self, since: int) -> bool:
        waited = monotonic_clock.now() - since
        return waited > nanoseconds(self._timeouts.head)

    async def _tell(self, patience: float) -> None:
        """Say it once; whoever comes second has nothing to add."""
        told, self._told = self._told, None
        if told is not None:
            await told.write(nanoseconds(patience))
