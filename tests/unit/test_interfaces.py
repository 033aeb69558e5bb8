"""What a component declares, however it is written down."""

import pytest
from wasmtime import wat2wasm

from scripts.interfaces import exports, imports

DECLARING = """(component
  (import "a:b/types@0.1.0" (instance $types (export "thing" (type (sub resource)))))
  (import "act" (func $act (param "x" u8)))
  (import "some" (type (sub resource)))
  (import "core" (core module $module))
  (type $number u32)
  (import "same" (type (eq $number)))
  (import "part" (component))
  (export "a:b/again@0.1.0" (instance $types))
  (export "done" (func $act) (func (param "x" u8)))
  (export "built" (core module $module)))"""


def test_all_sorts_of_imports_and_exports_are_named() -> None:
    component = bytes(wat2wasm(DECLARING))
    assert imports(component) == {
        *("a:b/types@0.1.0", "act", "some", "core", "same", "part"),
    }
    assert exports(component) == {"a:b/again@0.1.0", "done", "built"}


def test_nothing_declared_is_nothing_named() -> None:
    empty = bytes(wat2wasm('(component (component (import "a" (func))))'))
    assert imports(empty) == exports(empty) == set()


@pytest.mark.parametrize("missing", [1, 7, 30])
def test_half_a_file_is_none(missing: int) -> None:
    with pytest.raises(ValueError, match="breaks off"):
        exports(bytes(wat2wasm(DECLARING))[:-missing])


def test_a_core_module_is_no_component() -> None:
    with pytest.raises(ValueError, match="not a WebAssembly component"):
        imports(bytes(wat2wasm("(module)")))
