"""What the two peers of the proxy have in common: bodies that a test scripts."""

from collections.abc import Sequence
from dataclasses import dataclass

from wasmtime.component import Variant

from tests.host.wasi.clocks import SECOND, Moment, VirtualClock
from tests.host.wasi.streams import Closed, Failed

ROOMY = 1 << 16


@dataclass(frozen=True)
class Silence:
    """A pause in a body."""

    seconds: float


@dataclass(frozen=True)
class Broken:
    """The body breaks off here, for the reason `code`."""

    code: str = "connection-terminated"


Script = Sequence[bytes | Silence | Broken]
"""A body: its chunks as they arrive, and its clean end unless `Broken` is last."""


class ScriptedSource:
    """A body that arrives by a script, each chunk as one read."""

    def __init__(self, script: Script, clock: VirtualClock) -> None:
        self.bytes_read = 0
        self.dropped_at: Moment = None
        self._clock = clock
        self._arrivals: list[tuple[int, bytes | Broken]] = []
        arrival = clock.now()
        for item in script:
            if isinstance(item, Silence):
                arrival += round(item.seconds * SECOND)
            else:
                self._arrivals.append((arrival, item))
        self._end = arrival

    def read(self, limit: int) -> bytes:
        moment = self.readable_at()
        if moment > self._clock.now():
            return b""
        if not self._arrivals:
            raise Closed
        arrival, item = self._arrivals[0]
        if isinstance(item, Broken):
            self._arrivals.clear()
            raise Failed(Variant(item.code))
        self._arrivals[:1] = [(arrival, item[limit:])] if item[limit:] else []
        self.bytes_read += len(item[:limit])
        return item[:limit]

    def break_off(self) -> None:
        """Let the next read fail, whatever was to come."""
        self._arrivals[:] = [(self._clock.now(), Broken())]

    def readable_at(self) -> int:
        return self._arrivals[0][0] if self._arrivals else self._end

    def dropped(self) -> None:
        if self.dropped_at is None:
            self.dropped_at = self._clock.now()


@dataclass(frozen=True)
class Pace:
    """How a peer takes bytes: `permit` at a time, with `pause` seconds between.

    After `limit` bytes in all it takes no more, for ever.
    """

    permit: int = ROOMY
    pause: float = 0.0
    limit: int | None = None


class PacedSink:
    """A peer that takes bytes at its pace and keeps them as they were flushed."""

    def __init__(self, pace: Pace, clock: VirtualClock) -> None:
        self.chunks: list[bytes] = []
        self.moments: list[int] = []
        self.end = "open"
        self._pace = pace
        self._clock = clock
        self._pending = b""
        self._taken = 0
        self._free_at = 0

    @property
    def body(self) -> bytes:
        return b"".join(self.chunks)

    def room(self) -> int:
        moment = self.writable_at()
        if moment is None or moment > self._clock.now():
            return 0
        room = self._pace.permit - len(self._pending)
        if self._pace.limit is None:
            return room
        return min(room, self._pace.limit - self._taken)

    def take(self, data: bytes) -> None:
        self._pending += data
        self._taken += len(data)

    def flush(self) -> None:
        if self._pending:
            self.chunks.append(self._pending)
            self.moments.append(self._clock.now())
            self._pending = b""
            self._free_at = self._clock.now() + round(self._pace.pause * SECOND)

    def writable_at(self) -> Moment:
        is_full = self._pace.limit is not None and self._taken >= self._pace.limit
        # What was never flushed is never taken.
        is_held = len(self._pending) >= self._pace.permit
        return None if is_full or is_held else self._free_at

    def finished(self) -> None:
        self._end("finished")

    def abandoned(self) -> None:
        self._end("abandoned")

    def _end(self, how: str) -> None:
        assert self.end == "open", f"ended twice: {self.end}, then {how}"
        assert not self._pending, "ended before the last bytes were flushed"
        self.end = how
