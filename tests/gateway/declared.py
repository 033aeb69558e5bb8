"""What a component imports and exports, read from its own sections.

Compiling one only to learn that takes ten seconds.
See: https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md
"""

from collections.abc import Iterator
from pathlib import Path

PREAMBLE = b"\0asm\x0d\0\x01\0"
IMPORTS, EXPORTS = 10, 11
INSTANCE = 0x05
NO_TYPE, TYPED = 0x00, 0x01


class Reader:
    """A place in some bytes."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._place = 0

    def __bool__(self) -> bool:
        return self._place < len(self._data)

    def take(self, length: int) -> bytes:
        """Return the next bytes."""
        start, self._place = self._place, self._place + length
        return self._data[start : self._place]

    def byte(self) -> int:
        """Return the next byte."""
        return self.take(1)[0]

    def number(self) -> int:
        """Return the next number, which is LEB128."""
        value = shift = 0
        while (byte := self.byte()) & 0x80:
            value |= (byte & 0x7F) << shift
            shift += 7
        return value | byte << shift

    def name(self) -> str:
        """Return the next name of an import or an export."""
        assert self.byte() in (0, 1)
        return self.take(self.number()).decode()


def imports(component: Path) -> set[str]:
    """Return the names of the instances that a component imports."""
    return {name for section in _sections(component, IMPORTS) for name in _in(section)}


def exports(component: Path) -> set[str]:
    """Return the names of the instances that a component exports."""
    sections = _sections(component, EXPORTS)
    return {name for section in sections for name in _out(section)}


def _sections(component: Path, wanted: int) -> Iterator[Reader]:
    reader = Reader(component.read_bytes())
    assert reader.take(len(PREAMBLE)) == PREAMBLE
    while reader:
        kind = reader.byte()
        content = reader.take(reader.number())
        if kind == wanted:
            yield Reader(content)


def _in(section: Reader) -> Iterator[str]:
    for _ in range(section.number()):
        yield section.name()
        assert section.byte() == INSTANCE
        section.number()


def _out(section: Reader) -> Iterator[str]:
    for _ in range(section.number()):
        yield section.name()
        assert section.byte() == INSTANCE
        section.number()
        assert section.byte() == NO_TYPE
