"""The client: HTTP/1.1 on a kept connection, as little of it as measuring needs.

A whole HTTP library would be the slowest part of what is measured.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

CONNECTION_SECONDS = 30.0
"""For all that is done on one connection, unless it is given more."""


class BenchError(Exception):
    """The comparison cannot be made; the message says why."""


@dataclass(slots=True)
class Connection:
    """One connection, used for one request after the other."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    rest: int | None = None
    """Bytes of the body still to come; None while it comes in chunks."""

    async def start(self, request: bytes) -> None:
        """Send a request and read the reply's head.

        Raises `BenchError` unless the status is 200.
        """
        self.writer.write(request)
        head = (await self.reader.readuntil(b"\r\n\r\n")).lower()
        _, _, length = head.partition(b"\r\ncontent-length:")
        self.rest = int(length.split(b"\r\n", 1)[0]) if length else None
        if head.split(b" ", 2)[1] != b"200":
            body = await self.read()
            raise BenchError(f"A server answered {head.split()[1]!r}: {body!r}")

    async def read(self) -> bytes:
        """Return the next chunk of the body, nothing at its end."""
        if self.rest is not None:
            length, self.rest = self.rest, 0
            return await self.reader.readexactly(length)
        size = int(await self.reader.readuntil(b"\r\n"), 16)
        return (await self.reader.readexactly(size + 2))[:-2]

    async def drain(self) -> None:
        """Read the body to its end."""
        while await self.read():
            pass


@asynccontextmanager
async def connect(
    port: int, seconds: float = CONNECTION_SECONDS
) -> AsyncIterator[Connection]:
    """Open a connection on loopback, for so many seconds at most.

    Raises `BenchError` when the server closes it, or is silent, before that.
    """
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError as error:
        raise BenchError(f"A server does not take a connection: {error!r}") from error
    try:
        async with asyncio.timeout(seconds):
            yield Connection(reader, writer)
    except (EOFError, ConnectionError, TimeoutError) as error:
        raise BenchError(f"A server broke off: {error!r}") from error
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
