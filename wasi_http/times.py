"""Times in the units of the core and of WASI."""

import time

NANOSECONDS = 1_000_000_000


def nanoseconds(seconds: float) -> int:
    """Convert to the unit of wasi:clocks."""
    return int(seconds * NANOSECONDS)


def unix_time() -> float:
    """Return seconds since 1970-01-01T00:00:00Z."""
    return time.time()
