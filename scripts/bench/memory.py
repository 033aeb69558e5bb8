"""The server's private memory while streams are held open."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass

from scripts.bench.client import connect
from scripts.bench.measures import Size
from scripts.bench.processes import private_bytes
from scripts.bench.servers import Target

HOLD_MS = 60_000
"""To the second event of a held stream: longer than it is held."""

SETTLE_SECONDS = 1.0
"""After the clients have gone: the server may take this long to see it."""


@dataclass(frozen=True, slots=True)
class Held:
    """Private memory in bytes before, during and after some streams at once."""

    name: str
    streams: int
    before: int
    during: int
    after: int

    @property
    def each(self) -> float:
        """Bytes that one stream costs."""
        return (self.during - self.before) / self.streams


async def hold(target: Target, size: Size) -> list[Held]:
    """Hold streams open, a few and then more."""
    await _hold(target, 1)
    return [await _hold(target, count) for count in size.held]


async def _hold(target: Target, streams: int) -> Held:
    before = private_bytes(target.pid)
    async with AsyncExitStack() as stack:
        for _ in range(streams):
            connection = await stack.enter_async_context(connect(target.port))
            await connection.start(target.stream(2, HOLD_MS))
            await connection.read()
        during = private_bytes(target.pid)
    await asyncio.sleep(SETTLE_SECONDS)
    return Held(target.name, streams, before, during, private_bytes(target.pid))
