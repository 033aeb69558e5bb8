"""Request bodies on their way up: sent while they arrive, and again if need be."""

from collections.abc import AsyncIterator

from wire.ports import Body, BodyBroken

KEPT_LIMIT = 1_048_576
"""Bytes kept for another attempt: more than any prompt, less than a file."""


class KeptUpload:
    """`Upload` that keeps its beginning, so that it can be repeated.

    The adapter sends `pieces` of each attempt; it must have stopped one attempt before
    it starts the next.
    """

    def __init__(self, source: Body, length: int | None = None) -> None:
        self._source = source
        self._length = length
        """Bytes that the client has declared, if it has."""
        self._kept = bytearray()
        self._is_kept = True
        self._is_whole = False

    @property
    def is_repeatable(self) -> bool:
        """Tell whether the body can be sent again: all of it is here, or none is gone.

        One that is still arriving would have the next attempt wait for the client.
        """
        return self._is_kept and (self._is_whole or not self._kept)

    async def is_empty(self) -> bool:
        """Tell whether there is no body at all: wait for its first piece or its end."""
        self._keep(await self._read())
        return self._is_whole and not self._kept

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield what an earlier attempt has sent, then the rest as it arrives.

        Raises `BodyBroken` when the client breaks off.
        """
        if self._kept:
            yield bytes(self._kept)
        while not self._is_whole:
            piece = await self._read()
            self._keep(piece)
            if piece:
                yield piece

    def close(self) -> None:
        """Give up what has not arrived."""
        self._source.close()

    async def _read(self) -> bytes:
        try:
            return await self._source.read()
        except BodyBroken:
            self._is_kept = False
            raise

    def _keep(self, piece: bytes) -> None:
        if not piece:
            self._is_whole = True
            return
        if self._is_kept and len(self._kept) + len(piece) <= KEPT_LIMIT:
            self._kept += piece
        else:
            self._is_kept = False
            self._kept.clear()
        # A declared end is known with its last byte, before the stream says so.
        self._is_whole = self._is_kept and len(self._kept) == self._length
