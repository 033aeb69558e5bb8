"""Hosts started ahead of their tests, two at a time: most of their start is waiting."""

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from threading import Event
from typing import NamedTuple

from scripts.hosts.host import Host, Served

AT_ONCE = 2
START_SECONDS = 400.0
STOP_SECONDS = 60.0


class Run(NamedTuple):
    """A host and the edition that it runs."""

    host: Host
    edition: str

    def __str__(self) -> str:
        name = f"{self.host.name} {self.edition}".replace(",", "").replace(":", "")
        return name.replace(" ", "-")


Start = Callable[[Run], AbstractContextManager[Served]]


class _Kept:
    """One host, from its start until nobody needs it."""

    def __init__(self) -> None:
        self.served = Future[Served]()
        self.is_done = Event()
        self.ended = Future[None]()

    def keep(self, start: Start, run: Run) -> None:
        try:
            with start(run) as served:
                self.served.set_result(served)
                self.is_done.wait()
        except BaseException as error:
            failed = self.ended if self.served.done() else self.served
            failed.set_exception(error)
        else:
            self.ended.set_result(None)


class Starter:
    """Starts hosts in the order in which they are asked for and given back."""

    def __init__(self, start: Start, runs: Iterable[Run]) -> None:
        self._kept = {run: _Kept() for run in runs}
        self._threads = ThreadPoolExecutor(AT_ONCE)
        for run, kept in self._kept.items():
            self._threads.submit(kept.keep, start, run)

    def get(self, run: Run) -> Served:
        """Wait until a host serves; raises what its start raises."""
        return self._kept[run].served.result(START_SECONDS)

    def give_back(self, run: Run) -> None:
        """Wait until a host has ended; raises what its end raises."""
        self._kept[run].is_done.set()
        self._kept[run].ended.result(STOP_SECONDS)

    def close(self) -> None:
        """End all, also those that nobody has asked for."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for kept in self._kept.values():
            kept.is_done.set()
        self._threads.shutdown()
