"""wasi:clocks and wasi:io/poll on virtual time: waiting only moves the clock."""

from collections.abc import Callable

from wasmtime.component import Record

from tests.host.wasi.table import Resource

SECOND = 1_000_000_000
UNIX_EPOCH_OFFSET = 1_772_295_219
"""The wall clock's time when a run starts, in seconds."""

Moment = int | None
"""Nanoseconds since a run's start; None is never."""


class NeverReady(AssertionError):
    """The component waits for what will never come: a host would hang here."""


class Pollable(Resource):
    """Something to wait for, that knows when it will have come."""

    def __init__(
        self, when: Callable[[], Moment], parent: Resource | None = None
    ) -> None:
        super().__init__(parent)
        self.when = when


class VirtualClock:
    """A clock that moves only when somebody waits."""

    def __init__(self) -> None:
        self.nanoseconds = 0

    @property
    def seconds(self) -> float:
        return self.nanoseconds / SECOND

    def now(self) -> int:
        return self.nanoseconds

    def resolution(self) -> int:
        return 1

    def wall_now(self) -> Record:
        now = Record()
        seconds, nanoseconds = divmod(self.nanoseconds, SECOND)
        vars(now).update(seconds=UNIX_EPOCH_OFFSET + seconds, nanoseconds=nanoseconds)
        return now

    def subscribe_instant(self, when: int) -> Pollable:
        return Pollable(lambda: when)

    def subscribe_duration(self, duration: int) -> Pollable:
        return self.subscribe_instant(self.nanoseconds + duration)

    def is_ready(self, pollable: Pollable) -> bool:
        moment = pollable.when()
        return moment is not None and moment <= self.nanoseconds

    def block(self, pollable: Pollable) -> None:
        self.poll([pollable])

    def poll(self, pollables: list[Pollable]) -> list[int]:
        """Move to the first moment at which one is ready; return all that are."""
        moments = [moment for p in pollables if (moment := p.when()) is not None]
        if not moments:
            raise NeverReady(f"at {self.seconds} s")
        self.nanoseconds = max(self.nanoseconds, min(moments))
        return [index for index, p in enumerate(pollables) if self.is_ready(p)]
