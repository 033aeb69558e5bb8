"""Sound made of a text: a short tone for each character."""

import struct

RATE = 24_000
TONE = RATE // 20
"""Samples of a tone: a twentieth of a second."""
LOUDNESS = 4000


def pcm(text: str) -> bytes:
    """Return one channel of signed 16-bit samples, little-endian."""
    return b"".join(_tone(ord(character)) for character in text)


def wav(text: str) -> bytes:
    """Return the same as a WAV file.

    See: https://www.mmsp.ece.mcgill.ca/Documents/AudioFormats/WAVE/WAVE.html
    """
    sound = pcm(text)
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, RATE, 2 * RATE, 2, 16)
    data = struct.pack("<4sI", b"data", len(sound)) + sound
    return struct.pack("<4sI4s", b"RIFF", 4 + len(form) + len(data), b"WAVE") + (
        form + data
    )


def _tone(pitch: int) -> bytes:
    """Return a square wave, which needs no arithmetic."""
    half = 20 + pitch % 100
    wave = struct.pack("<h", LOUDNESS) * half + struct.pack("<h", -LOUDNESS) * half
    return (wave * (TONE // half))[: 2 * TONE]
