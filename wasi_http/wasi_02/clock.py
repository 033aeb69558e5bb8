"""The clock port."""

import time

from wit_world.imports import monotonic_clock, poll

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
        """Block for `seconds`."""
        with timer(seconds) as done:
            done.block()


def timer(seconds: float) -> poll.Pollable:
    """Return what gets ready after `seconds`."""
    return monotonic_clock.subscribe_duration(nanoseconds(seconds))


def wait(pollable: poll.Pollable, seconds: float) -> None:
    """Block until `pollable` is ready, but no longer than `seconds`."""
    with timer(seconds) as late:
        poll.poll([pollable, late])
