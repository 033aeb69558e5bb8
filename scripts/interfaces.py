"""What a component imports and exports, read from its own sections.

Compiling one only to learn that takes ten seconds.
See: https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md
"""

from collections.abc import Callable, Iterator

from scripts.wasm_file import decode, read

IMPORTS, EXPORTS = 10, 11
"""The ids of a component's sections."""
CORE, FUNCTION, VALUE, TYPE, COMPONENT, INSTANCE = range(6)
"""The sorts of what is imported and exported."""
WITH_VERSION_SUFFIX = 0x02
"""How a name begins that has its patch version apart."""


def imports(component: bytes) -> set[str]:
    """Return the names of all that a component imports. Raises `ValueError`."""
    return set(_names(component, IMPORTS, _skip_description))


def exports(component: bytes) -> set[str]:
    """Return the names of all that a component exports. Raises `ValueError`."""
    return set(_names(component, EXPORTS, _skip_exported))


def _names(
    component: bytes, id: int, skip: Callable[[bytes, int], int]
) -> Iterator[str]:
    try:
        for section in read(component):
            if section.id == id:
                yield from _entries(section.body, skip)
    except IndexError:
        raise ValueError("a WebAssembly component that breaks off") from None


def _entries(body: bytes, skip: Callable[[bytes, int], int]) -> Iterator[str]:
    count, at = decode(body, 0)
    for _ in range(count):
        has_suffix = body[at] == WITH_VERSION_SUFFIX
        name, at = _read_name(body, at + 1)
        if has_suffix:
            _, at = _read_name(body, at)
        at = skip(body, at)
        yield name


def _read_name(body: bytes, at: int) -> tuple[str, int]:
    size, at = decode(body, at)
    return body[at : at + size].decode(), at + size


def _skip_exported(body: bytes, at: int) -> int:
    """Skip the sort, the index, and the description, if there is one."""
    at += 2 if body[at] == CORE else 1
    _, at = decode(body, at)
    return _skip_description(body, at + 1) if body[at] else at + 1


def _skip_description(body: bytes, at: int) -> int:
    sort, at = body[at], at + 1
    if sort == CORE:
        at += 1
    elif sort in (VALUE, TYPE):
        bound, at = body[at], at + 1
        if sort == TYPE and bound:
            return at
    return decode(body, at)[1]
