"""What is measured of one server: each function returns figures by their name."""

import asyncio
import re
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from scripts.bench.client import Connection, connect
from scripts.bench.servers import Target

Figures = dict[str, float]
"""Milliseconds or requests per second, as the name says."""
Measure = Callable[[Target, "Size"], Awaitable[Figures]]

STREAM_EVENTS = 20
"""Of the streams that are counted: a short answer."""
MANY = 16
STAMP = re.compile(rb'"(?:delta|text)":"(\d+)"')
"""When the upstream sent an event: nanoseconds of CLOCK_MONOTONIC. It is the text of
the reply, in the API's own events and in those of `/chat`."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much one run does."""

    rounds: int
    first_bytes: int
    """Streams in a round whose first byte is timed."""
    chunks: int
    """Chunks in a round whose delay is timed, `gap_ms` apart."""
    load_seconds: float
    """In a round, for each figure in requests per second."""
    held: tuple[int, ...]
    """Streams held open at once, for the memory."""
    gap_ms: float = 5.0


FULL = Size(rounds=5, first_bytes=20, chunks=100, load_seconds=0.7, held=(1, 16, 64))
QUICK = Size(rounds=2, first_bytes=3, chunks=20, load_seconds=0.15, held=(1, 4))


async def first_byte(target: Target, size: Size) -> Figures:
    """Time from the request to the first byte of the body, on a kept connection."""
    request, times = target.stream(STREAM_EVENTS, 0), []
    async with connect(target.port) as connection:
        for _ in range(size.first_bytes):
            started = time.monotonic()
            await connection.start(request)
            await connection.read()
            times.append(time.monotonic() - started)
            await connection.drain()
    return {"time to first byte, ms": statistics.median(times) * 1000}


async def chunk_delay(target: Target, size: Size) -> Figures:
    """Time from the upstream's sending of a chunk to its arrival at the client."""
    delays = []
    async with connect(target.port) as connection:
        await connection.start(target.stream(size.chunks, size.gap_ms))
        while chunk := await connection.read():
            arrived = time.monotonic_ns()
            delays += [(arrived - int(sent)) / 1e6 for sent in STAMP.findall(chunk)]
    # The first one's delay is the head's and not a chunk's.
    delays = delays[1:]
    return {
        "delay of a chunk, median, ms": statistics.median(delays),
        "delay of a chunk, 95 %, ms": statistics.quantiles(delays, n=20)[-1],
    }


def stream_rate(connections: int) -> Measure:
    """Count whole short streams."""
    name = f"streams of {STREAM_EVENTS} /s, {_plural(connections)}"

    async def measure(target: Target, size: Size) -> Figures:
        request = target.stream(STREAM_EVENTS, 0)
        return {name: await _rate(target, request, connections, size)}

    return measure


def health_rate(connections: int) -> Measure:
    """Count what the router answers alone; direct is the upstream's own answer."""
    name = f"GET /health /s, {_plural(connections)}"

    async def measure(target: Target, size: Size) -> Figures:
        return {name: await _rate(target, target.health(), connections, size)}

    return measure


def _plural(connections: int) -> str:
    return f"{connections} connection{'s' * (connections > 1)}"


MEASURES: tuple[Measure, ...] = (
    first_byte,
    chunk_delay,
    *(stream_rate(connections) for connections in (1, MANY)),
    *(health_rate(connections) for connections in (1, MANY)),
)


async def _rate(target: Target, request: bytes, connections: int, size: Size) -> float:
    started = time.monotonic()
    end = started + size.load_seconds
    workers = [_repeat(target, request, end) for _ in range(connections)]
    counts = await asyncio.gather(*workers)
    return sum(counts) / (time.monotonic() - started)


async def _repeat(target: Target, request: bytes, end: float) -> int:
    """Send the request again and again, at least once; return how often."""
    async with connect(target.port) as connection:
        count = 0
        while not count or time.monotonic() < end:
            await _exchange(connection, request)
            count += 1
        return count


async def _exchange(connection: Connection, request: bytes) -> None:
    await connection.start(request)
    await connection.drain()
