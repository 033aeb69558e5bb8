"""A composition keeps one copy of what its parts carry alike, and works as before."""

import pytest
from wasmtime import Config, Engine, Store, component, wat2wasm

from scripts.share import share, unshare

COUNTER = """
(core module $counter
  (global $n (mut i32) (i32.const 0))
  (func (export "next") (result i32)
    (global.set $n (i32.add (global.get $n) (i32.const 1)))
    (global.get $n)))
"""
OWN = '(core module $own (func (export "own") (result i32) (i32.const {})))'
LIFTED = """
(core instance $i (instantiate $counter))
(core instance $j (instantiate $own))
(func (export "next") (result u32) (canon lift (core func $i "next")))
(func (export "own") (result u32) (canon lift (core func $j "own")))
"""


def _part(own: int, *, before: str = "") -> str:
    return f"{before} {COUNTER} {OWN.format(own)} {LIFTED}"


def _composition(first: str, second: str) -> bytes:
    return bytes(
        wat2wasm(
            f"""(component
              (component $a {first}) (component $b {second})
              (instance $x (instantiate $a)) (instance $y (instantiate $b))
              (export "x" (instance $x)) (export "y" (instance $y)))"""
        )
    )


def _call(composition: bytes, *names: str) -> list[int]:
    engine = Engine(Config())
    store = Store(engine)
    linker = component.Linker(engine)
    instance = linker.instantiate(store, component.Component(engine, composition))
    results = []
    for name in names:
        exported, function = name.split(".")
        outer = instance.get_export_index(store, exported)
        inner = instance.get_export_index(store, function, outer)
        assert inner
        run = instance.get_func(store, inner)
        assert run
        results.append(run(store))
        run.post_return(store)
    return results


def test_the_parts_share_code_and_no_state() -> None:
    composition = _composition(_part(7), _part(8))
    shared = share(composition)
    assert composition.count(b"next") - shared.count(b"next") == 1
    assert _call(shared, "x.next", "x.next", "y.next", "x.own", "y.own") == [
        *(1, 2, 1),
        *(7, 8),
    ]


def test_a_part_within_a_part_shares_too() -> None:
    nested = f"""(component $deep {_part(9)}) (instance $d (instantiate $deep))
      (export "next" (func $d "next")) (export "own" (func $d "own"))"""
    shared = share(_composition(nested, _part(8)))
    assert _call(shared, "x.next", "x.own", "y.next", "y.own") == [1, 9, 1, 8]


def test_other_modules_keep_their_places() -> None:
    before = '(core module $zero (func (export "next") (result i32) (i32.const 0)))'
    shared = share(_composition(_part(7, before=before), _part(8)))
    assert _call(shared, "x.next", "y.next", "x.own", "y.own") == [1, 1, 7, 8]


def test_what_is_shared_can_be_put_back() -> None:
    composition = _composition(_part(7), _part(8))
    assert share(composition) != composition
    assert unshare(share(composition)) == composition


def test_nothing_repeated_is_left_as_it_is() -> None:
    composition = _composition(OWN.format(1), OWN.format(2))
    assert share(composition) == composition


def test_a_core_module_is_no_composition() -> None:
    with pytest.raises(ValueError, match="not a WebAssembly component"):
        share(bytes(wat2wasm("(module)")))
    with pytest.raises(ValueError, match="at its top"):
        share(bytes(wat2wasm(f"(component {COUNTER})")))
