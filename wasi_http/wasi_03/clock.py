"""The clock port."""

from wit_world.imports import monotonic_clock

from wasi_http.times import NANOSECONDS, nanoseconds, unix_time


class WasiClock:
    """`Clock` on wasi:clocks."""

    def now(self) -> float:
        """Return seconds since some fixed moment."""
        return monotonic_clock.now() / NANOSECONDS

    def unix_time(self) -> float:
        """Return seconds since 1970."""
        return unix_time()

    async def sleep(self, seconds: float) -> None:
        """Suspend for `seconds`."""
        await monotonic_clock.wait_for(nanoseconds(seconds))
