"""Pictures of one colour, which stands for what they were asked to show."""

import struct
import zlib
from hashlib import sha256


def png(seed: bytes, width: int, height: int) -> bytes:
    """Return a PNG whose colour is the first bytes of the seed's digest.

    See: https://www.w3.org/TR/png-3/#5Chunk-layout
    """
    palette = sha256(seed).digest()[:3]
    lines = bytes(height * (1 + -(-width // 8)))
    return (
        b"\x89PNG\r\n\x1a\n"
        # One bit for each pixel, which chooses from the palette.
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 3, 0, 0, 0))
        + _chunk(b"PLTE", palette)
        + _chunk(b"IDAT", zlib.compress(lines))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    check = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)
