"""Many streams at once: direct, through nginx, the gateway, and its `/chat`."""

import asyncio
import gc
import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from scripts.bench.client import BenchError, connect
from scripts.bench.load_tables import Loaded, load_tables
from scripts.bench.measures import STAMP
from scripts.bench.nginx import find_nginx, serve_nginx
from scripts.bench.processes import private_bytes, watch
from scripts.bench.servers import Target, serve_chat, serve_gateway, serve_upstream

LIMIT_SECONDS = 170.0
GRACE_SECONDS = 30.0
"""For what a stream lasts longer than the upstream takes to send it."""
SETTLE_SECONDS = 2.5
"""After the last stream; wasmtime drops an instance that is idle for one."""
NO_NGINX = "nginx is not installed, so there is no row for it: apt-get install nginx\n"
NOTES = """\
{streams} streams, {rate} arriving each second, {chunks} chunks in {seconds:g} s each.
first byte: from a stream's due arrival, connecting included, to its first event.
chunk: from the upstream's sending to the client's receiving, without each first one.
added: what is more than direct. busiest: in one second, 100 % is one of {cores} cores;
near it, client and upstream limit these figures, and so do all three near {cores}00 %.
other work: what else kept this machine busy meanwhile, on average; best none.
"""


@dataclass(frozen=True, slots=True)
class Load:
    """How many streams, how many of them arrive in a second, and what each is."""

    streams: int
    per_second: int
    chunks: int
    seconds: float
    """From a stream's first chunk to its last."""

    @property
    def gap_ms(self) -> float:
        """Milliseconds between two chunks."""
        return self.seconds * 1000 / (self.chunks - 1)


@dataclass(slots=True)
class Outcomes:
    """What the streams saw, in milliseconds, and why some of them failed."""

    first_bytes: list[float] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)
    failures: Counter[str] = field(default_factory=Counter)


async def run(component: Path, load: Load, flags: tuple[str, ...]) -> int:
    """Measure and print the tables; return 1 if the gateway failed a stream.

    Raises `BenchError`, `TimeoutError`.
    """
    with ExitStack() as stack:
        logs = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        direct = stack.enter_context(serve_upstream(logs))
        targets = [direct]
        if binary := find_nginx():
            targets.append(stack.enter_context(serve_nginx(binary, direct, logs)))
        else:
            print(NO_NGINX)
        for serve in (serve_gateway, serve_chat):
            server = serve(component, direct, flags, logs)
            targets.append(stack.enter_context(server))
        async with asyncio.timeout(LIMIT_SECONDS):
            for target in targets:
                await _receive(target, replace(load, chunks=2, seconds=0.0))
            results = [await _load(target, direct, load) for target in targets]
    print(_notes(load))
    print(load_tables(results))
    return 1 if any(result.failures for result in results[-2:]) else 0


def _notes(load: Load) -> str:
    return NOTES.format(
        streams=load.streams,
        rate=load.per_second,
        chunks=load.chunks,
        seconds=load.seconds,
        cores=os.cpu_count(),
    )


async def _load(target: Target, upstream: Target, load: Load) -> Loaded:
    before = private_bytes(target.pid)
    outcomes = Outcomes()
    pids = {"client": os.getpid(), "upstream": upstream.pid}
    if target is not upstream:
        pids["server"] = target.pid
    async with watch(pids) as watched:
        with _no_collections():
            await _arrive(target, load, outcomes)
    if target is not upstream:
        await asyncio.sleep(SETTLE_SECONDS)
    return Loaded(
        target.name,
        load.streams,
        outcomes.first_bytes,
        outcomes.delays,
        outcomes.failures,
        watched,
        before=before,
        after=private_bytes(target.pid),
    )


@contextmanager
def _no_collections() -> Iterator[None]:
    """Keep the client's garbage: its collections doubled every 99th percentile."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


async def _arrive(target: Target, load: Load, outcomes: Outcomes) -> None:
    """Start each stream when it is due, whatever has become of those before it."""
    started = time.monotonic()
    async with asyncio.TaskGroup() as streams:
        for number in range(load.streams):
            due = started + number / load.per_second
            await asyncio.sleep(max(due - time.monotonic(), 0.0))
            streams.create_task(_stream(target, load, due, outcomes))


async def _stream(target: Target, load: Load, due: float, outcomes: Outcomes) -> None:
    try:
        arrivals = await _receive(target, load)
    except BenchError as error:
        outcomes.failures[str(error)[:100]] += 1
        return
    if len(arrivals) != load.chunks:
        outcomes.failures[f"{len(arrivals)} chunks came of {load.chunks}"] += 1
        return
    outcomes.first_bytes.append(arrivals[0][1] / 1e6 - due * 1e3)
    outcomes.delays += [(arrived - sent) / 1e6 for sent, arrived in arrivals[1:]]


async def _receive(target: Target, load: Load) -> list[tuple[int, int]]:
    """Return each chunk's times of sending and receiving, in nanoseconds."""
    arrivals: list[tuple[int, int]] = []
    rest = b""
    async with connect(target.port, load.seconds + GRACE_SECONDS) as connection:
        await connection.start(target.stream(load.chunks, load.gap_ms))
        while chunk := await connection.read():
            arrived = time.monotonic_ns()
            # A proxy may cut its chunks anywhere.
            events, end, rest = (rest + chunk).rpartition(b"\n\n")
            arrivals += [(int(sent), arrived) for sent in STAMP.findall(events + end)]
    return arrivals
