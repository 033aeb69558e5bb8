"""What the built files import, export and hold."""

import pytest
from wasmtime import Store
from wasmtime.component import Linker

from tests.host.components import Built
from tests.host.stage import ENVIRONMENT, INCOMING_HANDLER, STREAMING_HANDLER

OUTGOING_HANDLER = "wasi:http/outgoing-handler@0.2.9"
LIBC = {
    f"wasi:{name}@0.2.9"
    for name in (
        "cli/environment",
        "cli/exit",
        "cli/stderr",
        "cli/stdin",
        "cli/stdout",
        "cli/terminal-input",
        "cli/terminal-output",
        "cli/terminal-stderr",
        "cli/terminal-stdin",
        "cli/terminal-stdout",
        "clocks/monotonic-clock",
        "clocks/wall-clock",
        "filesystem/preopens",
        "filesystem/types",
        "http/types",
        "io/error",
        "io/poll",
        "io/streams",
        "random/random",
        "sockets/instance-network",
        "sockets/ip-name-lookup",
        "sockets/network",
        "sockets/tcp",
        "sockets/tcp-create-socket",
        "sockets/udp",
        "sockets/udp-create-socket",
    )
}
"""What every component from componentize-py imports, and `wasi:http/types`."""
RUNTIME = "exports"
"""What componentize-py exports besides."""


def test_the_router_imports_a_provider_and_no_way_out(built: Built) -> None:
    assert built.imports("http_proxy") == {*LIBC, STREAMING_HANDLER}
    assert built.exports("http_proxy") == {INCOMING_HANDLER, RUNTIME}


def test_the_provider_exports_the_contract_without_a_version(built: Built) -> None:
    assert STREAMING_HANDLER == "wasmcloud:ai/streaming-handler"
    assert built.imports("openai_component") == {*LIBC, OUTGOING_HANDLER}
    assert built.exports("openai_component") == {STREAMING_HANDLER, RUNTIME}


def test_the_composition_is_an_http_component_like_any_other(built: Built) -> None:
    assert built.imports("final") == {*LIBC, OUTGOING_HANDLER}
    assert built.exports("final") == {INCOMING_HANDLER, RUNTIME}


ENVIRONMENTS = {
    "no_environment": [],
    "gemini_environment": [("PROMPT_PATH", "/gemini-proxy")],
}
"""What is plugged into the routers, and the variables that each then sees."""


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_a_router_s_environment_imports_nothing(built: Built, name: str) -> None:
    assert built.imports(name) == set()
    assert built.exports(name) == {ENVIRONMENT}


@pytest.mark.parametrize("name", ENVIRONMENTS)
@pytest.mark.parametrize(
    ("function", "nothing"),
    [("get-environment", []), ("get-arguments", []), ("initial-cwd", None)],
)
def test_a_router_s_environment_holds_no_more(
    built: Built, name: str, function: str, nothing: object
) -> None:
    store = Store(built.engine)
    instance = Linker(built.engine).instantiate(store, built.component(name))
    outer = instance.get_export_index(store, ENVIRONMENT)
    inner = instance.get_export_index(store, function, outer)
    assert inner
    exported = instance.get_func(store, inner)
    assert exported
    held = ENVIRONMENTS[name] if function == "get-environment" else nothing
    assert exported(store) == held
    # A guest's libc may ask more than once.
    assert exported(store) == held


@pytest.mark.parametrize("name", ["http_proxy", "openai_component"])
def test_the_build_bakes_nothing_of_the_host_in(built: Built, name: str) -> None:
    wasm = built.read(name)
    assert b"asyncio" in wasm, "names of modules are not to be found this way"
    # Each installed package has such a folder, and Python lists the folders it knows.
    assert b".dist-info" not in wasm
    assert len(wasm) < 22_000_000


@pytest.mark.parametrize(
    ("name", "other"),
    [("http_proxy", b"openai_component"), ("openai_component", b"http_proxy")],
)
def test_the_build_holds_its_own_packages_alone(
    built: Built, name: str, other: bytes
) -> None:
    wasm = built.read(name)
    assert name.encode() in wasm
    assert other not in wasm
    assert b"pyproject.toml" not in wasm, "the repository's listing is baked in"
