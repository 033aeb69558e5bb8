"""What a clock tells, which is the same in both editions; each has its own sleep."""

import time

from wit_world.imports import monotonic_clock

from wasi_http.times import NANOSECONDS


class HostClock:
    """`Clock` on wasi:clocks, but for `sleep`."""

    def now(self) -> float:
        """Return seconds since some fixed moment."""
        return monotonic_clock.now() / NANOSECONDS

    def unix_time(self) -> float:
        """Return seconds since 1970."""
        return time.time()
