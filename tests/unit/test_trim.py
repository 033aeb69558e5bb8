"""Of a component's libraries the relocation functions are emptied, nothing else."""

import pytest
from wasmtime import Engine, Instance, Module, Store, component, wat2wasm

from scripts.trim import trim
from scripts.wasm_file import CORE_MODULE, read

IMPORTS = """
  (import "env" "memory" (memory 1))
  (import "env" "small" (memory 1 2))
  (import "env" "before" (func))
  (import "env" "table" (table 0 funcref))
  (import "env" "bounded" (table 0 3 funcref))
  (import "env" "base" (global i32))
  (import "env" "after" (func (param i32)))
"""
LIBRARY = """(module {imports}
  (global $n (mut i32) (i32.const 0))
  (func (export "one") (result i32) (global.set $n (i32.const 1)) (i32.const 1))
  (func (export "__wasm_apply_data_relocs") (global.set $n (i32.const 9)))
  (func (export "n") (result i32) (global.get $n)))
"""


def _component(*modules: str) -> bytes:
    text = " ".join(module.replace("(module", "(core module", 1) for module in modules)
    return bytes(wat2wasm(f"(component {text})"))


def _modules(file: bytes) -> list[bytes]:
    return [section.body for section in read(file) if section.id == CORE_MODULE]


def test_a_relocation_function_does_nothing_and_the_others_what_they_did() -> None:
    store = Store(Engine())
    (module,) = _modules(trim(_component(LIBRARY.format(imports=""))))
    exports = Instance(store, Module(store.engine, module), []).exports(store)
    exports["__wasm_apply_data_relocs"](store)  # type: ignore[operator]
    assert exports["n"](store) == 0  # type: ignore[operator]
    assert exports["one"](store) == 1  # type: ignore[operator]
    assert exports["n"](store) == 1  # type: ignore[operator]


def test_imported_functions_are_counted_and_other_imports_are_not() -> None:
    whole = _component(LIBRARY.format(imports=IMPORTS))
    without = LIBRARY.format(imports=IMPORTS).replace(
        "(global.set $n (i32.const 9))", ""
    )
    assert trim(whole) == _component(without)


@pytest.mark.parametrize(
    "module",
    [
        "(module)",
        '(module (func (export "other")))',
        '(module (memory (export "__wasm_apply_data_relocs") 1))',
    ],
)
def test_a_module_without_one_is_left_as_it_is(module: str) -> None:
    whole = _component(LIBRARY.format(imports=""), module)
    trimmed = trim(whole)
    assert _modules(trimmed)[1:] == _modules(whole)[1:]
    assert _modules(trimmed)[0] != _modules(whole)[0]
    component.Component(Engine(), trimmed)


def test_what_is_no_component_is_refused() -> None:
    with pytest.raises(ValueError, match="not a WebAssembly component"):
        trim(bytes(wat2wasm("(module)")))
