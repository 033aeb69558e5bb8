"""Short streams through one gateway for minutes: does it grow?"""

import asyncio
import os
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from scripts.bench.client import BenchError, Connection, connect
from scripts.bench.measures import STAMP
from scripts.bench.processes import cpu_seconds, machine_seconds, private_bytes
from scripts.bench.servers import Target, serve_gateway, serve_upstream
from scripts.bench.tables import MIB, Row, number, table

LIMIT_SECONDS = 1800.0
SETTLE_SECONDS = 2.5
"""After the last stream; wasmtime drops an instance that is idle for one."""
PARTS = (0.01, 0.1, 0.25, 0.5, 0.75, 1.0)
NOTES = """\
{streams} streams of {chunks} chunks at once, {connections} at a time, to one server.
KiB for each: what the server grew by since the row above, over the streams since then.
client, upstream, other work: how busy; 100 % is one of {cores} cores, shared by all.
The last row is {settle:g} s after the last stream.
"""


@dataclass(frozen=True, slots=True)
class Soak:
    """How many streams in all and at once, and how many chunks in each."""

    streams: int
    connections: int
    chunks: int


@dataclass(frozen=True, slots=True)
class Reading:
    """How far it is, and what has been used by then."""

    streams: int
    failures: int
    seconds: float
    private: int
    """Bytes of the server's."""
    server: float
    """Processor time in seconds, here and below."""
    client: float
    upstream: float
    machine: float
    """All of it, whoever uses it."""


class Soaking:
    """One run: it counts its streams and takes a reading at each part of them."""

    def __init__(self, size: Soak, target: Target, upstream: Target) -> None:
        self.readings: list[Reading] = []
        self.failures = 0
        self._size = size
        self._target = target
        self._upstream = upstream
        self._request = target.stream(size.chunks, 0)
        self._left = iter(range(size.streams))
        self._marks = {round(size.streams * part) for part in PARTS}
        self._done = 0

    async def run(self) -> None:
        """Send all streams, and read once more when the server has come to rest."""
        self._read()
        async with asyncio.TaskGroup() as connections:
            for _ in range(self._size.connections):
                connections.create_task(self._send_all())
        await asyncio.sleep(SETTLE_SECONDS)
        self._read()

    async def _send_all(self) -> None:
        """Send streams on one connection, and on a new one after each failure."""
        for _ in self._left:
            try:
                async with connect(self._target.port, LIMIT_SECONDS) as connection:
                    await self._send(connection)
                    for _ in self._left:
                        await self._send(connection)
            except BenchError:
                self._count(failed=True)

    async def _send(self, connection: Connection) -> None:
        await connection.start(self._request)
        received = b""
        while chunk := await connection.read():
            received += chunk
        self._count(failed=len(STAMP.findall(received)) != self._size.chunks)

    def _count(self, *, failed: bool) -> None:
        self._done += 1
        self.failures += failed
        if self._done in self._marks:
            self._read()

    def _read(self) -> None:
        self.readings.append(
            Reading(
                self._done,
                self.failures,
                time.monotonic(),
                private_bytes(self._target.pid),
                cpu_seconds(self._target.pid),
                cpu_seconds(os.getpid()),
                cpu_seconds(self._upstream.pid),
                machine_seconds(),
            )
        )


async def run(component: Path, size: Soak, flags: tuple[str, ...]) -> int:
    """Measure and print the table; return 1 if a stream failed.

    Raises `BenchError`, `TimeoutError`.
    """
    with ExitStack() as stack:
        logs = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        upstream = stack.enter_context(serve_upstream(logs))
        gateway = serve_gateway(component, upstream, flags, logs)
        soaking = Soaking(size, stack.enter_context(gateway), upstream)
        async with asyncio.timeout(LIMIT_SECONDS):
            await soaking.run()
    print(
        NOTES.format(
            streams=size.streams,
            chunks=size.chunks,
            connections=size.connections,
            cores=os.cpu_count(),
            settle=SETTLE_SECONDS,
        )
    )
    print(_table(soaking.readings))
    return 1 if soaking.failures else 0


def _table(readings: list[Reading]) -> str:
    head = (
        "streams",
        "failures",
        "streams /s",
        "MiB private",
        "KiB for each",
        "CPU ms for each",
        "client",
        "upstream",
        "other work",
    )
    return table(head, [_row(*pair) for pair in pairwise(readings)])


def _row(last: Reading, one: Reading) -> Row:
    count, seconds = one.streams - last.streams, one.seconds - last.seconds
    done, memory = (str(one.streams), str(one.failures)), f"{one.private / MIB:.1f}"
    if not count:  # The row after the last stream.
        return (*done, "", memory, *("",) * 5)
    server, client = one.server - last.server, one.client - last.client
    upstream = one.upstream - last.upstream
    others = max(one.machine - last.machine - server - client - upstream, 0.0)
    return (
        *done,
        number(count / seconds),
        memory,
        f"{(one.private - last.private) / 1024 / count:.2f}",
        number(server / count * 1000),
        *(f"{used / seconds:.0%}" for used in (client, upstream, others)),
    )
