"""Keep one copy of each core module that several parts of a composition carry alike.

`python -m scripts.share COMPOSITION OUT`. wac embeds each component whole, with an
interpreter of its own. The interpreter's code is the same to the byte: it moves to the
top of the file, and the components name it by an outer alias. A host reads and compiles
it once; each component still instantiates it for itself, with a memory of its own.
"""

from collections import Counter
from collections.abc import Iterator

from scripts.wasm_file import (
    ALIAS,
    COMPONENT,
    CORE_MODULE,
    Section,
    decode,
    encode,
    read,
    rewrite,
    write,
)

OUTER_CORE_MODULE = bytes([1, 0x00, 0x11, 0x02])
"""How an alias section begins that holds one alias, of an enclosing component's module:
then come how many components out, and the module's index there."""


def share(composition: bytes) -> bytes:
    """Return the composition with every repeated core module in it once.

    Raises:
        ValueError: If it is no component, or has core modules at its top, whose
            indices would move.
    """
    sections = list(read(composition))
    if any(section.id == CORE_MODULE for section in sections):
        raise ValueError("the composition has core modules of its own at its top")
    copies = Counter(_modules(sections))
    repeated = [module for module, count in copies.items() if count > 1]
    indices = {module: index for index, module in enumerate(repeated)}
    hoisted = [Section(CORE_MODULE, module) for module in repeated]
    return write(hoisted + [_aliased(section, indices, 0) for section in sections])


def _modules(sections: list[Section]) -> Iterator[bytes]:
    for section in sections:
        if section.id == CORE_MODULE:
            yield section.body
        elif section.id == COMPONENT:
            yield from _modules(list(read(section.body)))


def _aliased(section: Section, indices: dict[bytes, int], depth: int) -> Section:
    """Put an alias where a repeated module stood: it takes the same index."""
    if section.id == COMPONENT:
        inner = read(section.body)
        return Section(COMPONENT, write(_aliased(s, indices, depth + 1) for s in inner))
    if section.id == CORE_MODULE and section.body in indices:
        outer = encode(depth) + encode(indices[section.body])
        return Section(ALIAS, OUTER_CORE_MODULE + outer)
    return section


def unshare(composition: bytes) -> bytes:
    """Return what `share` made the composition of, as wac wrote it."""
    sections = list(read(composition))
    modules = [section.body for section in sections if section.id == CORE_MODULE]
    rest = (section for section in sections if section.id != CORE_MODULE)
    return write(_in_place(section, modules) for section in rest)


def _in_place(section: Section, modules: list[bytes]) -> Section:
    if section.id == COMPONENT:
        inner = read(section.body)
        return Section(COMPONENT, write(_in_place(s, modules) for s in inner))
    if section.id == ALIAS and section.body.startswith(OUTER_CORE_MODULE):
        _, at = decode(section.body, len(OUTER_CORE_MODULE))
        return Section(CORE_MODULE, modules[decode(section.body, at)[0]])
    return section


if __name__ == "__main__":
    rewrite(share, "share a composition's core modules")
