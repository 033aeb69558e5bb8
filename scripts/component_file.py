"""A component's file as the sections that it consists of.

https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

PREAMBLE = b"\0asm\x0d\0\x01\0"
CORE_MODULE, COMPONENT, ALIAS = 1, 4, 6
"""The sections' ids."""


class Section(NamedTuple):
    """One section: its id and what it holds."""

    id: int
    body: bytes


def read(component: bytes) -> Iterator[Section]:
    """Yield the sections of a component.

    Raises:
        ValueError: If the bytes are no component.
    """
    if not component.startswith(PREAMBLE):
        raise ValueError("not a WebAssembly component")
    at = len(PREAMBLE)
    while at < len(component):
        size, start = decode(component, at + 1)
        yield Section(component[at], component[start : start + size])
        at = start + size


def write(sections: Iterable[Section]) -> bytes:
    """Return the component of these sections."""
    parts = (bytes([id]) + encode(len(body)) + body for id, body in sections)
    return PREAMBLE + b"".join(parts)


def decode(data: bytes, at: int) -> tuple[int, int]:
    """Read an unsigned LEB128 number: the number, and where it ends."""
    number = shift = 0
    while True:
        byte = data[at]
        at += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number, at
        shift += 7


def encode(number: int) -> bytes:
    """Return an unsigned number as LEB128."""
    encoded = bytearray()
    while number >= 0x80:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*encoded, number])
