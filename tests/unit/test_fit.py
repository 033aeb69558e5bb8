"""Which router takes which provider, and what the others are told."""

import re
from pathlib import Path

import pytest
from wasmtime import wat2wasm

from scripts.fit import check, read_component

HTTP_02, HTTP_03 = "wasi:http/incoming-handler@0.2.9", "wasi:http/handler@0.3.0"
CONTRACT = "wasmcloud:ai/streaming-handler"
CONTRACT_03 = f"{CONTRACT}@0.3.0"
ACCESS = "wasmcloud:ai/access@0.3.0"
ENVIRONMENT = "wasi:cli/environment"
ROUTER_02 = ({CONTRACT, f"{ENVIRONMENT}@0.2.9", "wasi:io/poll@0.2.9"}, {HTTP_02})
ROUTER_03 = ({CONTRACT_03, f"{ENVIRONMENT}@0.2.9"}, {HTTP_03})
GATEWAY = ({CONTRACT_03, ACCESS, HTTP_03}, {HTTP_03})
PROVIDER_02 = ({f"{ENVIRONMENT}@0.2.9"}, {CONTRACT})
PROVIDER_03 = ({f"{ENVIRONMENT}@0.3.0"}, {CONTRACT_03, ACCESS, HTTP_03})
Declared = tuple[set[str], set[str]]


def write(path: Path, declared: Declared) -> Path:
    """Write a component that imports and exports these, and does nothing."""
    imported, exported = declared
    lines = [f'(import "{name}" (instance))' for name in sorted(imported)]
    lines += ["(instance $none)"]
    lines += [f'(export "{name}" (instance $none))' for name in sorted(exported)]
    path.write_bytes(wat2wasm(f"(component {' '.join(lines)})"))
    return path


def fit(folder: Path, router: Declared, provider: Declared) -> str:
    return check(
        read_component(write(folder / "router.wasm", router)),
        read_component(write(folder / "provider.wasm", provider)),
    )


@pytest.mark.parametrize(
    ("router", "provider", "wasi"),
    [
        (ROUTER_02, PROVIDER_02, "0.2"),
        (GATEWAY, PROVIDER_03, "0.3"),
        (ROUTER_03, (set(), {CONTRACT_03}), "0.3"),
        (ROUTER_03, (set(), {f"{CONTRACT}@0.3.7"}), "0.3"),
        (({CONTRACT}, {"wasi:http/incoming-handler@0.2.3"}), PROVIDER_02, "0.2"),
    ],
)
def test_what_fits(
    tmp_path: Path, router: Declared, provider: Declared, wasi: str
) -> None:
    assert fit(tmp_path, router, provider) == wasi


@pytest.mark.parametrize(
    ("router", "provider", "told"),
    [
        (
            GATEWAY,
            PROVIDER_02,
            "router.wasm is a router for WASI 0.3 and *provider.wasm a provider for "
            "WASI 0.2: build both for the same.",
        ),
        (ROUTER_02, PROVIDER_03, "router for WASI 0.2 and *provider for WASI 0.3"),
        (
            GATEWAY,
            (set(), {CONTRACT_03}),
            "provider.wasm does not export wasi:http/handler@0.3 and "
            "wasmcloud:ai/access@0.3, which *router.wasm imports.",
        ),
        (ROUTER_02, (set(), {HTTP_02}), "provider.wasm is no provider: it does not"),
        (PROVIDER_02, ROUTER_02, "router.wasm is a provider and no router"),
        (PROVIDER_03, GATEWAY, "router.wasm is a provider and no router"),
        (({CONTRACT}, {"a:b/c"}), PROVIDER_02, "router.wasm is no router: it exports"),
        ((set(), {HTTP_02}), PROVIDER_02, "Has it been composed already?"),
        (
            ROUTER_02,
            ({"wasmcloud:ai/tools"}, {CONTRACT}),
            "provider.wasm imports wasmcloud:ai/tools, which nothing here gives",
        ),
        (
            ({*GATEWAY[0], f"{ENVIRONMENT}@0.3.0"}, GATEWAY[1]),
            PROVIDER_03,
            "imports wasi:cli/environment@0.3, by which it would see the provider's",
        ),
    ],
)
def test_what_does_not_fit_is_told(
    tmp_path: Path, router: Declared, provider: Declared, told: str
) -> None:
    pattern = ".*".join(map(re.escape, told.split("*")))
    with pytest.raises(ValueError, match=pattern):
        fit(tmp_path, router, provider)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (bytes(wat2wasm("(module)")), "is a core module and no component"),
        (b"\x7fELF\x02", "is compiled for one host: give the .wasm"),
        (b"# README", "is no WebAssembly component"),
        (b"", "is no WebAssembly component"),
        (b"\0asm\x0d\0\x01\0\x0b\x7f", "or not a whole one"),
    ],
)
def test_another_file_is_told_from_a_component(
    tmp_path: Path, data: bytes, told: str
) -> None:
    path = tmp_path / "given.wasm"
    path.write_bytes(data)
    with pytest.raises(ValueError, match=f"given.wasm .*{re.escape(told)}"):
        read_component(path)


def test_a_file_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="none.wasm cannot be read: No such file"):
        read_component(tmp_path / "none.wasm")


def test_what_other_plugs_give_is_not_missed(tmp_path: Path) -> None:
    body, client = (
        "wasmcloud:ai/bounded-body@0.3.0",
        "wasmcloud:ai/bounded-client@0.3.0",
    )
    router = read_component(
        write(tmp_path / "router.wasm", ({*GATEWAY[0], body}, GATEWAY[1]))
    )
    provider = read_component(
        write(tmp_path / "provider.wasm", ({client}, PROVIDER_03[1]))
    )
    bodies = frozenset({"wasmcloud:ai/bounded-body@0.3"})
    clients = frozenset({"wasmcloud:ai/bounded-client@0.3"})
    assert check(router, provider, bodies, clients) == "0.3"
    with pytest.raises(ValueError, match="does not export .*bounded-body@0.3"):
        check(router, provider, frozenset(), clients)
    with pytest.raises(ValueError, match="imports .*bounded-client@0.3, which nothing"):
        check(router, provider, bodies, frozenset())
