"""A soak with failures: memory, descriptors and log lines at each tenth of it."""

import asyncio
import os
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from provider.settings.shared import (
    BETWEEN_BYTES_TIMEOUT,
    CLIENT_TIMEOUT,
    FIRST_BYTE_TIMEOUT,
    INITIAL_DELAY,
    MAX_RETRIES,
)
from scripts.bench.faults import FAULTS, SILENCE_MS, Client, Upstream
from scripts.bench.processes import private_bytes
from scripts.bench.servers import TOKEN, Target, serve_gateway
from scripts.bench.tables import MIB, Row, table

SETTLE_SECONDS = 5.0
TENTHS = 10
HASTE = {
    CLIENT_TIMEOUT.variable: SILENCE_MS,
    FIRST_BYTE_TIMEOUT.variable: SILENCE_MS,
    BETWEEN_BYTES_TIMEOUT.variable: SILENCE_MS,
    INITIAL_DELAY.variable: "10",
    MAX_RETRIES.variable: "1",
}
NOTES = """\
{requests} requests, {connections} at a time; every tenth fails, as in turn each of:
{faults}.
lines: of requests, in the server's log; each request writes one.
The last row is {settle:g} s after the last request.
"""


@dataclass(frozen=True, slots=True)
class Size:
    """How many requests in all, and how many at once."""

    requests: int
    connections: int


async def run(component: Path, size: Size, flags: tuple[str, ...]) -> int:
    """Measure and print the tables; return 1 if a request has no line of its own.

    Raises `BenchError` when one is not answered.
    """
    upstream = Upstream()
    server = await asyncio.start_server(upstream.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    os.environ.update(HASTE)
    with ExitStack() as stack:
        logs = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        asked = Target("upstream", port, os.getpid())
        # Starting waits for the server, which needs nothing of this process.
        passed = tuple(f"--env={name}" for name in HASTE)
        serving = serve_gateway(component, asked, (*flags, *passed), logs)
        gateway = stack.enter_context(serving)
        rows, client = await _soak(gateway, size, logs / "gateway.log")
    server.close()
    print(
        NOTES.format(
            faults=", ".join(FAULTS),
            settle=SETTLE_SECONDS,
            requests=size.requests,
            connections=size.connections,
        )
    )
    head = ("requests", "seconds", "MiB private", "descriptors", "lines")
    print(table(head, rows))
    print(table(("request", "count"), _outcomes(client)))
    return 0 if int(rows[-1][-1]) == size.requests else 1


async def _soak(gateway: Target, size: Size, log: Path) -> tuple[list[Row], Client]:
    client, started = Client(gateway.port, TOKEN), time.monotonic()
    left, rows = iter(range(size.requests)), [_row(0, started, gateway.pid, log)]
    done = 0

    async def work() -> None:
        nonlocal done
        for number in left:
            await client.ask(number)
            done += 1
            if done % (size.requests // TENTHS) == 0:
                rows.append(_row(done, started, gateway.pid, log))

    async with asyncio.TaskGroup() as workers:
        for _ in range(size.connections):
            workers.create_task(work())
    await asyncio.sleep(SETTLE_SECONDS)
    return [*rows, _row(done, started, gateway.pid, log)], client


def _row(done: int, started: float, pid: int, log: Path) -> Row:
    return (
        str(done),
        f"{time.monotonic() - started:.0f}",
        f"{private_bytes(pid) / MIB:.0f}",
        str(len(list(Path(f"/proc/{pid}/fd").iterdir()))),
        str(log.read_bytes().count(b'{"event":"request"')),
    )


def _outcomes(client: Client) -> list[Row]:
    return [(name, str(count)) for name, count in sorted(client.outcomes.items())]
