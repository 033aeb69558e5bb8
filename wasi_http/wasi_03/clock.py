"""The clock port."""

import time

from wit_world.imports import monotonic_clock

NANOSECONDS = 1_000_000_000


def nanoseconds(seconds: float) -> int:
    """Convert to the unit of wasi:clocks."""
    return int(seconds * NANOSECONDS)


class WasiClock:
    """`Clock` on wasi:clocks."""

    def now(self) -> float:
        """Return seconds since some fixed moment."""
        return monotonic_clock.now() / NANOSECONDS

    def unix_time(self) -> float:
        """Return seconds since 1970."""
        return time.time()

    async def sleep(self, seconds: float) -> None:
        """Suspend for `seconds`."""
        await monotonic_clock.wait_for(nanoseconds(seconds))
