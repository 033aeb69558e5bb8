"""Bodies that are not a host's, and bodies read to their end."""

from wire.ports import Body


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
