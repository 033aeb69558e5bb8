"""Empty the functions of a component that have done all that they are for.

`python -m scripts.trim COMPONENT OUT`. A dynamically linked library brings a function,
`__wasm_apply_data_relocs`, that writes the addresses of its functions and data to where
it is loaded: the longest of libpython's, 7 % of its code. componentize-py has run it
before the snapshot; a host would compile it all the same.
https://github.com/WebAssembly/tool-conventions/blob/main/DynamicLinking.md
"""

from collections.abc import Iterator

from scripts.wasm_file import (
    A_CORE_MODULE,
    CODE,
    CORE_MODULE,
    EXPORTS,
    IMPORTS,
    Section,
    decode,
    encode,
    read,
    rewrite,
    write,
)

SPENT = b"__wasm_apply_data_relocs"
EMPTY_BODY = b"\0\x0b"
"""No locals, end."""
FUNCTION, TABLE, MEMORY, GLOBAL = range(4)
"""What a core module imports and exports."""


def trim(component: bytes) -> bytes:
    """Return the component with its libraries' relocation functions empty."""
    return write(
        Section(CORE_MODULE, _trim_module(section.body))
        if section.id == CORE_MODULE
        else section
        for section in read(component)
    )


def _trim_module(module: bytes) -> bytes:
    sections = list(read(module, A_CORE_MODULE))
    bodies = {section.id: section.body for section in sections}
    spent = dict(_exported_functions(bodies.get(EXPORTS, b"\0"))).get(SPENT)
    if spent is None:
        return module
    spent -= _count_imported_functions(bodies.get(IMPORTS, b"\0"))
    code = Section(CODE, _empty_function(bodies[CODE], spent))
    return write((code if s.id == CODE else s for s in sections), A_CORE_MODULE)


def _exported_functions(exports: bytes) -> Iterator[tuple[bytes, int]]:
    count, at = decode(exports, 0)
    for _ in range(count):
        name, at = _read_name(exports, at)
        index, after = decode(exports, at + 1)
        if exports[at] == FUNCTION:
            yield name, index
        at = after


def _count_imported_functions(imports: bytes) -> int:
    count, at = decode(imports, 0)
    functions = 0
    for _ in range(count):
        _, at = _read_name(imports, at)
        _, at = _read_name(imports, at)
        functions += imports[at] == FUNCTION
        at = _skip_type(imports, at)
    return functions


def _skip_type(imports: bytes, at: int) -> int:
    kind, at = imports[at], at + 1
    if kind == FUNCTION:
        return decode(imports, at)[1]
    if kind == GLOBAL:
        return at + 2
    return _skip_limits(imports, at + 1 if kind == TABLE else at)


def _skip_limits(imports: bytes, at: int) -> int:
    has_maximum = imports[at] & 1
    _, at = decode(imports, at + 1)
    return decode(imports, at)[1] if has_maximum else at


def _empty_function(code: bytes, index: int) -> bytes:
    count, at = decode(code, 0)
    functions = [encode(count)]
    for n in range(count):
        size, at = decode(code, at)
        body = EMPTY_BODY if n == index else code[at : at + size]
        functions.append(encode(len(body)) + body)
        at += size
    return b"".join(functions)


def _read_name(data: bytes, at: int) -> tuple[bytes, int]:
    size, at = decode(data, at)
    return data[at : at + size], at + size


if __name__ == "__main__":
    rewrite(trim, "empty a component's spent functions")
