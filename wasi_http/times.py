"""Times in the unit of WASI."""

from typing import Protocol, TypeVar

from wire.ports import Timeouts

NANOSECONDS = 1_000_000_000


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


def with_timeouts(options: Options, timeouts: Timeouts) -> Options:
    """Return `options` with the timeouts that a host keeps."""
    options.set_connect_timeout(nanoseconds(timeouts.connect))
    options.set_first_byte_timeout(nanoseconds(timeouts.first_byte))
    options.set_between_bytes_timeout(nanoseconds(timeouts.between_bytes))
    return options
