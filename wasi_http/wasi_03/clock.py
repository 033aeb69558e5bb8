"""The clock port."""

from wit_world.imports import monotonic_clock

from wasi_http.clock import HostClock
from wasi_http.times import nanoseconds


class WasiClock(HostClock):
    """`Clock` on wasi:clocks."""

    async def sleep(self, seconds: float) -> None:
        """Suspend for `seconds`."""
        await monotonic_clock.wait_for(nanoseconds(seconds))
