"""Whether a router and a provider fit together, told from what they declare.

wac joins what it can and says nothing of the rest: it takes a provider for WASI 0.2 and
a router for WASI 0.3, and only the host misses what nobody plugged.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from scripts import interfaces
from scripts.wasm_file import A_CORE_MODULE

PACKAGE = "wasmcloud:ai/"
CONTRACT = f"{PACKAGE}streaming-handler"
WASI = {CONTRACT: "0.2", f"{CONTRACT}@0.3": "0.3"}
"""The version of WASI that a component is for, by its contract."""
HTTP_HANDLERS = {"wasi:http/incoming-handler@0.2", "wasi:http/handler@0.3"}
EMPTY_ENVIRONMENT = "wasi:cli/environment@0.2"
"""What no_environment exports, in either edition."""
_FROM_A_PROVIDER = re.compile(rf"{PACKAGE}|wasi:http/handler@")
"""What a router imports for a provider to give; all else is the host's."""
_VERSION = re.compile(r"@(0\.\d+|\d+)\..*")
Names = frozenset[str]


@dataclass(frozen=True, slots=True)
class Component:
    """A file, and what it declares; a version goes as far as it has to agree."""

    path: Path
    imports: Names
    exports: Names


def read_component(path: Path) -> Component:
    """Read what a file declares. Raises `ValueError` with a sentence."""
    try:
        data = path.read_bytes()
        imports, exports = interfaces.imports(data), interfaces.exports(data)
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}.") from None
    except ValueError:
        raise ValueError(f"{path} {_what_else(data)}.") from None
    return Component(path, _compatible(imports), _compatible(exports))


def check(
    router: Component,
    provider: Component,
    to_router: Names = frozenset(),
    to_provider: Names = frozenset(),
) -> str:
    """Return the version of WASI that both are for. Raises `ValueError`.

    `to_router` and `to_provider` are what other plugs give them.
    """
    asked, given = _asked_by(router), _given_by(provider)
    if asked != given:
        raise ValueError(
            f"{router.path} is a router for WASI {WASI[asked]} and {provider.path} a "
            f"provider for WASI {WASI[given]}: build both for the same."
        )
    _check_complete(router, provider, to_router)
    _check_environment(router)
    _check_alone(provider, to_provider)
    return WASI[asked]


def _what_else(data: bytes) -> str:
    if data.startswith(A_CORE_MODULE):
        return "is a core module and no component: componentize it first"
    if data.startswith(b"\x7fELF"):
        return "is compiled for one host: give the .wasm that it was compiled from"
    return "is no WebAssembly component, or not a whole one"


def _compatible(names: set[str]) -> Names:
    """Cut versions to what has to agree: 0.3.1 to 0.3, and 1.2.3 to 1."""
    return frozenset(_VERSION.sub(r"@\1", name) for name in names)


def _asked_by(router: Component) -> str:
    contract = _contract(router.imports)
    if contract and router.exports & HTTP_HANDLERS:
        return contract
    if given := _contract(router.exports):
        raise ValueError(
            f"{router.path} is a provider and no router: it exports {given}."
        )
    if contract:
        raise ValueError(
            f"{router.path} is no router: it exports neither "
            f"{' nor '.join(sorted(HTTP_HANDLERS))}."
        )
    raise ValueError(
        f"{router.path} takes no provider: it does not import {CONTRACT}. Has it been "
        "composed already?"
    )


def _given_by(provider: Component) -> str:
    contract = _contract(provider.exports)
    if contract is None:
        raise ValueError(
            f"{provider.path} is no provider: it does not export {CONTRACT}."
        )
    return contract


def _contract(names: Names) -> str | None:
    return next((name for name in WASI if name in names), None)


def _check_complete(router: Component, provider: Component, plugged: Names) -> None:
    asked = {name for name in router.imports if _FROM_A_PROVIDER.match(name)}
    if missing := sorted(asked - provider.exports - plugged):
        raise ValueError(
            f"{provider.path} does not export {' and '.join(missing)}, which "
            f"{router.path} imports."
        )


def _check_environment(router: Component) -> None:
    seen = {name for name in router.imports if name.startswith("wasi:cli/environment")}
    if exposed := sorted(seen - {EMPTY_ENVIRONMENT}):
        raise ValueError(
            f"{router.path} imports {exposed[0]}, by which it would see the provider's "
            "key: take it out of its world."
        )


def _check_alone(provider: Component, plugged: Names) -> None:
    asked = {name for name in provider.imports if name.startswith(PACKAGE)}
    if missing := sorted(asked - plugged):
        raise ValueError(
            f"{provider.path} imports {' and '.join(missing)}, which nothing here "
            "gives a provider."
        )
