"""What one request costs a server at most: CPU seconds for the worst that is known.

An input is as large as its route takes it. Plain text of that size stands beside those
that hold as many values as there is room for, and those that hold as many as are taken.
"""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from openai_component.settings import BASE_URL, KEY_VARIABLE
from provider.settings.shared import CONTENT_FORMAT
from scripts.addresses import free_port
from scripts.bench.cost_inputs import (
    GATEWAY,
    Input,
    conversation,
    inputs,
    request,
)
from scripts.bench.processes import cpu_seconds, peak_bytes, private_bytes
from scripts.bench.servers import serve
from scripts.bench.tables import number, table
from scripts.bench.upstream import read_request
from scripts.wasmtime import PRECOMPILED, serve_command

WAITING = 34
"""Requests to `/chat` at once, each as full as it may be, whose upstream is silent."""
HEAD = ("component", "input", "status", "CPU s", "peak MB")
WAITING_HEAD = ("component", "waiting", "MB before", "MB", "MB each")
PATIENCE = 120.0
"""Seconds for one answer: some have taken half a minute."""
SETTLE_SECONDS = 0.2
"""A server may still be busy after its answer."""


async def run(components: list[Path]) -> None:
    """Measure every input that a component has a route for, and print the table."""
    with TemporaryDirectory() as logs:
        rows = [
            await _measure(component, given, Path(logs))
            for component in components
            for given in inputs()
            if component.stem in given.editions
        ]
        print(table(HEAD, rows), end="\n\n", flush=True)
        waiting = [
            await _hold(component, Path(logs))
            for component in components
            if component.stem in GATEWAY
        ]
    print(table(WAITING_HEAD, waiting))


async def _measure(component: Path, given: Input, logs: Path) -> tuple[str, ...]:
    """Ask a fresh server once: what one input leaves behind is not the next one's."""
    async with _upstream(given.reply) as upstream:
        with _server(component, given.content_format, upstream, logs) as (port, pid):
            await _ask(port, request("GET", "/health"))
            before = cpu_seconds(pid)
            status = await _ask(port, given.sent)
            await asyncio.sleep(SETTLE_SECONDS)
            cost = number(cpu_seconds(pid) - before)
            peak = number(peak_bytes(pid) / 1e6)
    return str(component), given.name, status, cost, peak


async def _hold(component: Path, logs: Path) -> tuple[str, ...]:
    """Have many requests wait for their upstream, and measure what they hold."""
    asked = asyncio.Semaphore(0)

    async def keep(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        asked.release()
        await reader.read()
        writer.close()

    async with await asyncio.start_server(keep, "127.0.0.1") as server:
        upstream = server.sockets[0].getsockname()[1]
        with _server(component, "Array", upstream, logs) as (port, pid):
            await _ask(port, request("GET", "/health"))
            before = private_bytes(pid) / 1e6
            sent = request("POST", "/chat", conversation())
            async with AsyncExitStack() as clients, asyncio.timeout(PATIENCE):
                for _ in range(WAITING):
                    _, client = await asyncio.open_connection("127.0.0.1", port)
                    clients.callback(client.close)
                    client.write(sent)
                for _ in range(WAITING):
                    await asked.acquire()
                held = private_bytes(pid) / 1e6
    each = number((held - before) / WAITING)
    return str(component), str(WAITING), number(before), number(held), each


async def _ask(port: int, sent: bytes) -> str:
    """Return the status of the answer, when it has come to its end."""
    return await asyncio.to_thread(_exchange, port, sent)


def _exchange(port: int, sent: bytes) -> str:
    received = b""
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
        # Who refuses before all has been sent need not read the rest.
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(sent)
        with suppress(ConnectionResetError):
            while piece := connection.recv(65_536):
                received = received or piece
    return received[9:12].decode()


@asynccontextmanager
async def _upstream(reply: bytes) -> AsyncIterator[int]:
    async def answer(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await read_request(reader)
        head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
        length = f"content-length: {len(reply)}\r\nconnection: close\r\n\r\n"
        writer.write((head + length).encode() + reply)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1") as server:
        yield server.sockets[0].getsockname()[1]


@contextmanager
def _server(
    component: Path, content_format: str, upstream: int, logs: Path
) -> Iterator[tuple[int, int]]:
    port = free_port()
    settings = {
        KEY_VARIABLE.default: "bench",
        BASE_URL.variable: f"http://127.0.0.1:{upstream}/v1",
        CONTENT_FORMAT.variable: content_format,
    }
    command = serve_command(component, f"127.0.0.1:{port}", PRECOMPILED, settings)
    environ = os.environ | settings
    with serve(command, environ, port, logs / f"{component.stem}.log") as pid:
        yield port, pid
