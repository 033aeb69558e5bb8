"""Streams through one gateway, one request in ten of them failing: what is kept?

The failures take turns: of the upstream, of the client, and of what is sent.
"""

import asyncio
import json
import time
from asyncio import StreamReader as Reader
from asyncio import StreamWriter as Writer
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import cycle

from scripts.bench.client import BenchError

Answer = Callable[[Reader, Writer], Awaitable[None]]
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
END = b"0\r\n\r\n"
STREAM = HEAD + b"transfer-encoding: chunked\r\n\r\n"
CHUNK = b"9\r\ndata: 1\n\n\r\n"
SILENCE_MS = "500"
"""What client and upstream may be silent for, in a run with failures."""
PATIENCE = 60.0
HUGE = b"x" * 60_000


async def _whole(_: Reader, writer: Writer) -> None:
    writer.write(STREAM + CHUNK * 5 + END)


async def _reset(_: Reader, writer: Writer) -> None:
    writer.transport.abort()


async def _end(_: Reader, writer: Writer) -> None:
    writer.close()


async def _garbage(_: Reader, writer: Writer) -> None:
    writer.write(b"This is no HTTP.\r\n\r\n")


async def _silence(reader: Reader, _: Writer) -> None:
    await reader.read()


async def _cut(_: Reader, writer: Writer) -> None:
    writer.write(STREAM + CHUNK)
    await writer.drain()
    writer.transport.abort()


async def _stall(reader: Reader, writer: Writer) -> None:
    writer.write(STREAM + CHUNK)
    await reader.read()


async def _huge_headers(_: Reader, writer: Writer) -> None:
    writer.write(HEAD + b"x-ratelimit-huge: " + HUGE + b"\r\ncontent-length: 0\r\n\r\n")


ANSWERS: dict[str, Answer] = {
    "reset": _reset,
    "end": _end,
    "garbage": _garbage,
    "silence": _silence,
    "cut": _cut,
    "stall": _stall,
    "huge-headers": _huge_headers,
}
CLIENTS = ("gone", "slow", "long-header", "heavy-json", "not-json")
"""What a client does that fails; its upstream, if it is asked, answers well."""
FAULTS = (*ANSWERS, *CLIENTS)


@dataclass(slots=True)
class Upstream:
    """An upstream whose answer the request's own text names."""

    port: int = 0

    async def serve(self, reader: Reader, writer: Writer) -> None:
        """Answer one request, and close its connection."""
        with suppress(ConnectionError, EOFError, asyncio.LimitOverrunError):
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            _, _, length = head.partition(b"\r\ncontent-length:")
            body = await reader.readexactly(int(length.split(b"\r\n", 1)[0] or b"0"))
            named = next((n for n in ANSWERS if f"<{n}>".encode() in body), "")
            await ANSWERS.get(named, _whole)(reader, writer)
            await writer.drain()
        writer.close()


class Client:
    """Requests to one gateway: most go well, the others as `FAULTS` says in turn."""

    def __init__(self, port: int, token: str) -> None:
        self.outcomes: Counter[str] = Counter()
        self._port = port
        self._token = token
        self._faults = cycle(FAULTS)

    async def ask(self, number: int) -> None:
        """Make a request, and count what came of it; every tenth one fails."""
        kind = next(self._faults) if number % 10 == 0 else "well"
        started = time.monotonic()
        try:
            async with asyncio.timeout(PATIENCE):
                ended = await self._ask(kind)
        except TimeoutError as error:
            waited = time.monotonic() - started
            raise BenchError(f"{kind} was not answered in {waited:.0f} s") from error
        self.outcomes[f"{kind}: {ended}"] += 1

    async def _ask(self, kind: str) -> str:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        received = b""
        try:
            with suppress(ConnectionError):
                writer.write(self._request(kind))
                while piece := await reader.read(65_536):
                    received += piece
                    if kind == "gone":
                        break
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()
        status = received[9:12].decode(errors="replace") or "no answer"
        is_whole = b"transfer-encoding" not in received or received.endswith(END)
        return status if is_whole or kind == "gone" else f"{status}, broken"

    def _request(self, kind: str) -> bytes:
        path = "/chat" if kind in ("heavy-json", "not-json") else "/v1/responses"
        body = self._body(kind)
        # A slow client says that there is more than it sends.
        length = len(body) + (kind == "slow")
        extra = b"x-stainless-long: " + HUGE + b"\r\n" if kind == "long-header" else b""
        head = (
            f"POST {path} HTTP/1.1\r\nhost: bench\r\nconnection: close\r\n"
            f"authorization: Bearer {self._token}\r\n"
            f"content-type: application/json\r\ncontent-length: {length}\r\n"
        ).encode()
        return head + extra + b"\r\n" + body

    def _body(self, kind: str) -> bytes:
        if kind == "heavy-json":
            return b'{"messages":[' + b"{}," * 20_000 + b"{}]}"
        if kind == "not-json":
            return b'{"prompt": '
        asked = {"model": "gpt-4.1", "input": f"<{kind}>", "stream": True}
        return json.dumps(asked).encode()
