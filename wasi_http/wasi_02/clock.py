"""The clock port."""

from wit_world.imports import monotonic_clock, poll

from wasi_http.clock import HostClock
from wasi_http.times import nanoseconds


class WasiClock(HostClock):
    """`Clock` on wasi:clocks."""

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
