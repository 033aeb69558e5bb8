"""What one request costs a server at most: CPU seconds for the worst that is known.

An input is as large as its route takes it. Plain text of that size stands beside those
that are made of as many values as it can hold.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from openai_component.settings import BASE_URL, KEY_VARIABLE
from provider.settings.shared import CONTENT_FORMAT
from scripts.addresses import free_port
from scripts.bench.processes import cpu_seconds, peak_bytes
from scripts.bench.servers import serve
from scripts.bench.tables import number, table
from scripts.bench.upstream import read_request
from scripts.wasmtime import PRECOMPILED, serve_command

HEAD = ("component", "input", "status", "CPU s", "peak MB")
HEADER_BYTES = 120_000
JSON_BYTES = 4_194_304
REPLY_BYTES = 8_388_608
PATIENCE = 120.0
"""Seconds for one answer: some have taken half a minute."""
SETTLE_SECONDS = 0.2
"""A server may still be busy after its answer."""
BOTH = ("final", "gateway")


@dataclass(frozen=True, slots=True)
class Input:
    """One request, and what its upstream answers; `editions` by their files' names."""

    name: str
    sent: bytes
    reply: bytes = b'{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}]}'
    editions: tuple[str, ...] = ("gateway",)
    content_format: str = "Array"


def run(components: list[Path]) -> None:
    """Measure every input that a component has a route for, and print the table."""
    with TemporaryDirectory() as logs:
        rows = [
            _measure(component, given, Path(logs))
            for component in components
            for given in inputs()
            if component.stem in given.editions
        ]
    print(table(HEAD, rows))


def inputs() -> list[Input]:
    """Return what is measured, in the order of the table."""
    tool = b'{"prompt":"x","tools":[{"type":"function","function":{"name":"f","x":['
    chat = b'{"model":"m","messages":[{"role":"user","content":"x"}],"x":['
    whole = b'{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}],"x":['
    listed = _filled(b'{"object":"list","data":[', b"]}", REPLY_BYTES)
    text = b'{"stream":false,"prompt":"%b"}' % (b"x" * (JSON_BYTES - 100))
    quotes = b'text/plain;"' + b";" * HEADER_BYTES
    return [
        Input("a prompt", _prompt(b"text/plain"), editions=BOTH),
        Input("a content-type of semicolons", _prompt(quotes), editions=BOTH),
        Input("/chat: text", _post("/chat", text)),
        Input("/chat: messages", _post("/chat", _filled(b'{"messages":[', b"]}"))),
        Input("/chat: in a tool", _post("/chat", _filled(tool, b"]}}]}"))),
        Input(
            "/v1/chat/completions, String mode",
            _post("/v1/chat/completions", _filled(chat, b"]}")),
            content_format="String",
        ),
        Input("/v1/models: the reply", _request("GET", "/v1/models"), reply=listed),
        Input(
            "/chat: a whole reply",
            _post("/chat", b'{"prompt":"x","stream":false}'),
            reply=_filled(whole, b"]}", REPLY_BYTES),
        ),
    ]


def _measure(component: Path, given: Input, logs: Path) -> tuple[str, ...]:
    """Ask a fresh server once: what one input leaves behind is not the next one's."""
    return asyncio.run(_ask_server(component, given, logs))


async def _ask_server(component: Path, given: Input, logs: Path) -> tuple[str, ...]:
    async with _upstream(given.reply) as upstream:
        with _server(component, given.content_format, upstream, logs) as (port, pid):
            await _ask(port, _request("GET", "/health"))
            before = cpu_seconds(pid)
            status = await _ask(port, given.sent)
            await asyncio.sleep(SETTLE_SECONDS)
            cost = number(cpu_seconds(pid) - before)
            peak = number(peak_bytes(pid) / 1e6)
    return str(component), given.name, status, cost, peak


async def _ask(port: int, sent: bytes) -> str:
    """Return the status of the answer, when it has come to its end."""
    async with asyncio.timeout(PATIENCE):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(sent)
        received = await reader.read()
        writer.close()
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


def _filled(start: bytes, end: bytes, size: int = JSON_BYTES) -> bytes:
    """Return JSON of `size` bytes, nearly all of them empty objects."""
    count = (size - len(start) - len(end)) // 3
    return start + b"{}," * (count - 1) + b"{}" + end


def _prompt(content_type: bytes) -> bytes:
    return _request("POST", "/openai-proxy", b"say hello", content_type)


def _post(target: str, body: bytes) -> bytes:
    return _request("POST", target, body)


def _request(
    method: str, target: str, body: bytes = b"", content_type: bytes = b"text/plain"
) -> bytes:
    return (
        b"%b %b HTTP/1.1\r\nhost: bench\r\nconnection: close\r\n"
        b"content-type: %b\r\ncontent-length: %d\r\n\r\n%b"
    ) % (method.encode(), target.encode(), content_type, len(body), body)
