"""A file of WebAssembly as the sections that it consists of.

https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md and
https://webassembly.github.io/spec/core/binary/modules.html
"""

import argparse
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

A_COMPONENT, A_CORE_MODULE = b"\0asm\x0d\0\x01\0", b"\0asm\x01\0\0\0"
"""How the files begin."""
CORE_MODULE, COMPONENT, ALIAS = 1, 4, 6
"""The ids of a component's sections."""
IMPORTS, EXPORTS, CODE = 2, 7, 10
"""The ids of a core module's sections."""


class Section(NamedTuple):
    """One section: its id and what it holds."""

    id: int
    body: bytes


def read(file: bytes, preamble: bytes = A_COMPONENT) -> Iterator[Section]:
    """Yield the sections of a component, or of what the preamble says.

    Raises:
        ValueError: If the bytes are none, or break off within a section.
    """
    if not file.startswith(preamble):
        raise ValueError("not a WebAssembly component")
    at = len(preamble)
    while at < len(file):
        size, start = decode(file, at + 1)
        if start + size > len(file):
            raise ValueError("the file breaks off")
        yield Section(file[at], file[start : start + size])
        at = start + size


def write(sections: Iterable[Section], preamble: bytes = A_COMPONENT) -> bytes:
    """Return the file of these sections."""
    parts = (bytes([id]) + encode(len(body)) + body for id, body in sections)
    return preamble + b"".join(parts)


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


def rewrite(change: Callable[[bytes], bytes], what: str) -> None:
    """Be a command that reads one file and writes another; `what` says what for."""
    parser = argparse.ArgumentParser(description=what)
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    args = parser.parse_args()
    args.target.write_bytes(change(args.source.read_bytes()))
