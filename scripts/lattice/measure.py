"""The figures of docs/lattice.md: starts, memory, held streams, failed requests."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from scripts.lattice.held import Held, hold, memory
from scripts.lattice.images import mark
from scripts.lattice.lattice import Lattice
from scripts.lattice.load import Load, Outcomes, load
from scripts.lattice.workloads import Workload

CLIENTS = 6
ASKED = 30
"""Streams that are answered before and after what befalls the lattice."""
STREAM_SECONDS = 60.0
HELD_FRESH, HELD_POOLED = 150, 900
MIB = 2**20


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table."""

    what: str
    value: str


def figures(lattice: Lattice, workload: Workload, component: Path) -> Iterator[Figure]:
    """Measure a lattice without a workload, and yield row by row.

    Raises `LatticeError`, `TimeoutError`.
    """
    yield Figure("memory of a host without a workload", _memory(lattice))
    yield from _starts(lattice, workload.pooled())
    yield _befallen("one host killed", lattice, _kill)
    yield _befallen("one host drained", lattice, _drain)
    held = hold(lattice, HELD_POOLED)
    yield Figure(f"{HELD_POOLED} streams at once, pooled", _held(held))
    yield _update(lattice, workload, component)
    held = hold(lattice, HELD_FRESH)
    yield Figure(f"{HELD_FRESH} streams at once, an instance for each", _held(held))


def _update(lattice: Lattice, workload: Workload, component: Path) -> Figure:
    with tempfile.TemporaryDirectory() as folder:
        marked = Path(folder) / component.name
        marked.write_bytes(mark(component.read_bytes(), "second"))
        second = replace(workload, image=lattice.push(marked, "second"))
    return _befallen(
        "rolling update to another image",
        lattice,
        lambda lattice: lattice.update(second, STREAM_SECONDS),
    )


def _starts(lattice: Lattice, workload: Workload) -> Iterator[Figure]:
    took = lattice.deploy(workload)
    yield Figure(
        f"start of the workload, {len(took)} hosts at once",
        ", ".join(f"{seconds:.1f} s" for seconds in took.values()),
    )
    yield Figure("memory of a host with it", _memory(lattice))
    host = next(iter(lattice.hosts.values()))
    started = time.monotonic()
    host.start("again", replace(workload, hostnames=("again.example",)))
    again = time.monotonic() - started
    host.stop("again")
    yield Figure("start of the same image again, in the same host", f"{again:.2f} s")
    name = host.name
    host.daemon.kill()
    lattice.await_part(name, takes_part=False)
    started = time.monotonic()
    lattice.revive(name)
    yield Figure(
        "start of one host alone, until it gets requests",
        f"{time.monotonic() - started:.1f} s",
    )


def _kill(lattice: Lattice) -> None:
    name = next(iter(lattice.hosts))
    lattice.hosts[name].daemon.kill()
    lattice.await_part(name, takes_part=False)


def _drain(lattice: Lattice) -> None:
    name = next(iter(lattice.hosts))
    lattice.drain(name)
    lattice.hosts[name].daemon.wait()


def _befallen(what: str, lattice: Lattice, befall: Callable[[Lattice], None]) -> Figure:
    with _loaded(lattice) as outcomes:
        befall(lattice)
    for name, host in lattice.hosts.items():
        if not host.daemon.is_running:
            lattice.revive(name)
    return Figure(f"{what}: {outcomes.requests} requests", str(outcomes))


@contextmanager
def _loaded(lattice: Lattice) -> Iterator[Outcomes]:
    running: Load
    with load(lattice.url, CLIENTS) as running:
        running.wait_for(ASKED)
        yield running.outcomes
        running.wait_for(ASKED)


def _memory(lattice: Lattice) -> str:
    return ", ".join(f"{size / MIB:.0f} MiB" for size in memory(lattice).values())


def _held(held: Held) -> str:
    shares = ", ".join(str(count) for count in held.shares.values())
    return (
        f"{held.held} held ({shares}), {held.failures.total()} failed; all open after "
        f"{held.seconds:.1f} s; {held.each / 1024:,.0f} KiB each"
    )
