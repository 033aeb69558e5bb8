"""Request bodies on their way up: sent while they arrive, and again if need be."""

from collections.abc import AsyncIterator

from wire.ports import WRONG_LENGTH, Body, BodyBroken, Clock

KEPT_LIMIT = 1_048_576
"""Bytes kept for another attempt: more than any prompt, less than a file."""


class KeptUpload:
    """`Upload` that keeps its beginning, so that it can be repeated.

    The adapter sends `pieces` of each attempt; it must have stopped one attempt before
    it starts the next.
    """

    def __init__(self, source: Body, clock: Clock, length: int | None = None) -> None:
        self._source = source
        self._clock = clock
        self._length = length
        """Bytes that the client has declared, if it has and they are right so far."""
        self._kept = bytearray()
        self._arrived = 0
        self._is_kept = True
        self.is_whole = False
        """Its end has arrived."""
        self.is_misdeclared = False
        self.awaited = 0.0
        """Seconds that the client has been waited for."""
        self.failure: str | None = None
        """How the client broke off, if it did: the kind of a `BodyBroken`."""

    @property
    def kept(self) -> bytes:
        """Return what has arrived, of a body that is still kept."""
        return bytes(self._kept)

    @property
    def is_repeatable(self) -> bool:
        """Tell whether the body can be sent again: all of it is here, or none is gone.

        One that is still arriving would have the next attempt wait for the client; that
        is worth it where an attempt was given up for its length alone.
        """
        has_all = self.is_whole or not self._kept or self.is_misdeclared
        return self._is_kept and has_all

    async def begin(self) -> None:
        """Wait for the first piece or the end. Raises `BodyBroken`."""
        await self._next()

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield what an earlier attempt has sent, then the rest as it arrives.

        Raises `BodyBroken` when the client breaks off, and, before the last piece that
        the declared length has room for, if that length turns out to be wrong.
        """
        if self._kept:
            yield bytes(self._kept)
        while not self.is_whole:
            length = self._length
            piece = await self._next()
            if self._length != length:
                raise BodyBroken(WRONG_LENGTH)
            if piece:
                yield piece

    def close(self) -> None:
        """Give up what has not arrived."""
        self._source.close()

    async def _next(self) -> bytes:
        """Return the next piece, and with the last one that was declared what follows.

        Nothing should, and then the body is whole.
        """
        piece = await self._read()
        self._keep(piece)
        if piece and self._arrived == self._length:
            more = await self._read()
            self._keep(more)
            piece += more
        self._check_length()
        return piece

    async def _read(self) -> bytes:
        asked = self._clock.now()
        try:
            return await self._source.read()
        except BodyBroken as error:
            self._is_kept = False
            self.failure = error.kind
            raise
        finally:
            self.awaited += self._clock.now() - asked

    def _keep(self, piece: bytes) -> None:
        if not piece:
            self.is_whole = True
            return
        self._arrived += len(piece)
        if self._is_kept and self._arrived <= KEPT_LIMIT:
            self._kept += piece
        else:
            self._is_kept = False
            self._kept.clear()

    def _check_length(self) -> None:
        """Forget a length that is wrong.

        Chunks make void what is declared beside them, and hosts hide the chunks.
        See: https://www.rfc-editor.org/rfc/rfc9112#section-6.3
        """
        if self._length is None:
            return
        is_longer = self._arrived > self._length
        is_shorter = self.is_whole and self._arrived < self._length
        if is_longer or is_shorter:
            self.is_misdeclared = True
            self._length = None
