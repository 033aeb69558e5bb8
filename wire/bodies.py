"""Bodies that are not a host's, and bodies read to their end."""

from wire.ports import SILENT, Body, BodyBroken, Clock

GRACE_SECONDS = 30.0
MINIMUM_RATE = 4096
"""How slowly a client may send what is read here, before anything is done with it: in
so many seconds, and one more for so many bytes. The slowest modem is faster; without
it a byte now and then would hold a connection, and its instance, for ever."""


class WholeBody:
    """`Body` of bytes that are all there."""

    def __init__(self, data: bytes) -> None:
        self._left = data

    async def read(self) -> bytes:
        """Return all of it, and then the end."""
        data, self._left = self._left, b""
        return data

    async def read_within(self, seconds: float) -> bytes | None:  # noqa: ARG002
        """Do as `read`: nothing has to be waited for."""
        return await self.read()

    def close(self) -> None:
        """Give up the rest."""
        self._left = b""


class PacedBody:
    """`Body` of a client that breaks when it comes too slowly."""

    def __init__(self, source: Body, clock: Clock) -> None:
        self._source = source
        self._clock = clock
        self._started = clock.now()
        self._received = 0

    async def read(self) -> bytes:
        """Return the next bytes. Raises `BodyBroken`, also when it took too long."""
        chunk = await self._source.read()
        self._check(chunk)
        return chunk

    async def read_within(self, seconds: float) -> bytes | None:
        """Do as `read`, but return None when nothing came within `seconds`."""
        chunk = await self._source.read_within(seconds)
        self._check(chunk or b"")
        return chunk

    def close(self) -> None:
        """Give up the rest."""
        self._source.close()

    def _check(self, chunk: bytes) -> None:
        self._received += len(chunk)
        allowed = GRACE_SECONDS + self._received / MINIMUM_RATE
        if self._clock.now() - self._started > allowed:
            raise BodyBroken(SILENT)


async def read_whole(body: Body, limit: int) -> bytes | None:
    """Return all of `body`; None once it has more than `limit` bytes.

    Closing it is left to the caller. Raises `BodyBroken`.
    """
    received = bytearray()
    while chunk := await body.read():
        received += chunk
        if len(received) > limit:
            return None
    return bytes(received)
