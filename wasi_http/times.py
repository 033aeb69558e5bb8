"""Times in the unit of WASI."""

from typing import Protocol, TypeVar

from wire.ports import Timeouts

NANOSECONDS = 1_000_000_000
ONE_PIECE = 65_536
"""Bytes of a body that every host takes at once."""
UNBOUNDED = 86_400.0
"""Seconds: a host is not to bound what is bounded here. Left out, it would choose."""


def nanoseconds(seconds: float) -> int:
    """Convert to the unit of wasi:clocks."""
    return int(seconds * NANOSECONDS)


class RequestOptions(Protocol):
    """wasi:http/types.request-options, of either edition."""

    def set_connect_timeout(self, duration: int | None) -> None:
        """Bound the wait for a connection."""

    def set_first_byte_timeout(self, duration: int | None) -> None:
        """Bound the wait for the head of a reply."""

    def set_between_bytes_timeout(self, duration: int | None) -> None:
        """Bound the silence in a reply."""


Options = TypeVar("Options", bound=RequestOptions)


def with_timeouts(
    options: Options, timeouts: Timeouts, *, is_upload: bool = False
) -> Options:
    """Return `options` with the timeouts that a host keeps.

    Hosts count the first byte's from when they begin to send: for an upload, which
    takes its time, the adapters count for themselves.
    """
    first_byte = UNBOUNDED if is_upload else timeouts.first_byte
    options.set_connect_timeout(nanoseconds(timeouts.connect))
    options.set_first_byte_timeout(nanoseconds(first_byte))
    options.set_between_bytes_timeout(nanoseconds(timeouts.between_bytes))
    return options
