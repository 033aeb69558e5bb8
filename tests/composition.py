"""A composition with its shared modules back in place, to find its parts in it."""

from scripts.share import OUTER_CORE_MODULE
from scripts.wasm_file import ALIAS, COMPONENT, CORE_MODULE, Section, decode, read
from scripts.wasm_file import write as write_sections


def unshare(composition: bytes) -> bytes:
    """Return what `scripts.share` made the composition of, as wac wrote it."""
    sections = list(read(composition))
    modules = [section.body for section in sections if section.id == CORE_MODULE]
    rest = (section for section in sections if section.id != CORE_MODULE)
    return write_sections(_in_place(section, modules) for section in rest)


def _in_place(section: Section, modules: list[bytes]) -> Section:
    if section.id == COMPONENT:
        inner = read(section.body)
        return Section(COMPONENT, write_sections(_in_place(s, modules) for s in inner))
    if section.id == ALIAS and section.body.startswith(OUTER_CORE_MODULE):
        _, at = decode(section.body, len(OUTER_CORE_MODULE))
        return Section(CORE_MODULE, modules[decode(section.body, at)[0]])
    return section
