"""Requests at once: how many fail, how long they wait, and what they take."""

import asyncio
import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from scripts.bench.client import BenchError, connect
from scripts.bench.load import SETTLE_SECONDS
from scripts.bench.load_tables import Percentiles
from scripts.bench.processes import private_bytes
from scripts.bench.servers import Target, serve_gateway, serve_proxy, serve_upstream
from scripts.bench.tables import MIB, Row, number, table
from scripts.editions import edition_of

LIMIT_SECONDS = 240.0
"""For one burst."""
HOLD_MS = LIMIT_SECONDS * 2000
"""To a stream's second event: longer than it is held."""
NOTES = """\
All requests of a row are sent in the same moment, to a server that has answered one.
Each is a stream that stays open until all have begun, which is when memory is read.
first byte: seconds from then to a stream's first event, connecting included.
MiB: private memory of wasmtime before, then, and {settle} s after the clients left.
Client, upstream and server share {cores} cores.
"""
HEAD = (
    "through",
    "requests",
    "failures",
    "first byte p50, s",
    "p99",
    "MiB before",
    "held",
    "after",
    "for each request",
)


@dataclass(slots=True)
class Burst:
    """One burst, and what came of it; memory in bytes."""

    name: str
    requests: int
    first_bytes: list[float] = field(default_factory=list)
    """Seconds."""
    failures: Counter[str] = field(default_factory=Counter)
    before: int = 0
    held: int = 0
    after: int = 0

    async def run(self, target: Target) -> None:
        """Send it, and wait until nothing is left of it. Raises `TimeoutError`."""
        self.before = private_bytes(target.pid)
        begun, weighed = asyncio.Semaphore(0), asyncio.Event()
        async with asyncio.timeout(LIMIT_SECONDS), asyncio.TaskGroup() as streams:
            for _ in range(self.requests):
                streams.create_task(self._hold(target, begun, weighed))
            for _ in range(self.requests):
                await begun.acquire()
            self.held = private_bytes(target.pid)
            weighed.set()
        await asyncio.sleep(SETTLE_SECONDS)
        self.after = private_bytes(target.pid)

    async def _hold(
        self, target: Target, begun: asyncio.Semaphore, weighed: asyncio.Event
    ) -> None:
        sent = time.monotonic()
        try:
            async with connect(target.port, LIMIT_SECONDS) as connection:
                await connection.start(target.stream(2, HOLD_MS))
                await connection.read()
                self.first_bytes.append(time.monotonic() - sent)
                begun.release()
                await weighed.wait()
        except BenchError as error:
            self.failures[str(error)[:40]] += 1
            begun.release()


async def run(
    components: Sequence[Path], sizes: Sequence[int], flags: tuple[str, ...]
) -> int:
    """Measure and print the table; return 1 if a request failed.

    Raises `BenchError`, `TimeoutError`.
    """
    bursts = [
        await _measure(component, size, flags)
        for component in components
        for size in sizes
    ]
    print(NOTES.format(settle=SETTLE_SECONDS, cores=os.cpu_count()))
    print(table(HEAD, [_row(burst) for burst in bursts]))
    for burst in bursts:
        for why, count in burst.failures.items():
            print(f"\n{burst.name}, {burst.requests} at once: {count} failed: {why}")
    return 1 if any(burst.failures for burst in bursts) else 0


async def _measure(component: Path, requests: int, flags: tuple[str, ...]) -> Burst:
    with _serving(component, flags) as target:
        async with connect(target.port) as connection:
            await connection.start(target.stream(2, 0))
            await connection.drain()
        await asyncio.sleep(SETTLE_SECONDS)
        burst = Burst(component.stem, requests)
        await burst.run(target)
    return burst


@contextmanager
def _serving(component: Path, flags: tuple[str, ...]) -> Iterator[Target]:
    with tempfile.TemporaryDirectory() as folder, serve_upstream(Path(folder)) as to:
        if edition_of(component).is_gateway:
            serving = serve_gateway(component, to, flags, Path(folder))
        else:
            serving = serve_proxy("pair", component, to, flags, Path(folder))
        with serving as target:
            yield target


def _row(burst: Burst) -> Row:
    times = Percentiles.of(burst.first_bytes)
    sizes = (burst.before, burst.held, burst.after)
    each = (burst.held - burst.before) / burst.requests
    return (
        burst.name,
        str(burst.requests),
        str(burst.failures.total()),
        number(times.p50),
        number(times.p99),
        *(f"{size / MIB:.0f}" for size in sizes),
        f"{each / MIB:.1f}",
    )
