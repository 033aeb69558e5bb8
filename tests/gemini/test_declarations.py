"""Gemini's files reach as much as OpenAI's do, and hold the same routers."""

import re

import pytest

from scripts.share import unshare
from tests.e2e.proxy import BUILD, ROOT
from tests.gateway import declared
from tests.gateway.test_declarations import ACCESS, BOUNDED_CLIENT, HANDLER
from tests.gateway.test_declarations import ENVIRONMENT as ENVIRONMENT_03
from tests.gateway.test_declarations import STREAMING_HANDLER as STREAMING_HANDLER_03
from tests.host.stage import ENVIRONMENT, INCOMING_HANDLER, STREAMING_HANDLER
from tests.host.test_declarations import OUTGOING_HANDLER, RUNTIME

COUNTERPARTS = {
    "gemini_component": "openai_component",
    "gemini_provider": "openai_gateway",
    "gemini_environment": "no_environment",
    "gemini": "final",
    "gemini_gateway": "gateway",
}
"""Whose own declarations tests/host and tests/gateway spell out."""
WAYS_OUT = {
    "gemini_component": {OUTGOING_HANDLER},
    "gemini_provider": {BOUNDED_CLIENT, ENVIRONMENT_03},
    "gemini_environment": set[str](),
}
EXPORTS = {
    "gemini_component": {STREAMING_HANDLER, RUNTIME},
    "gemini_provider": {ACCESS, STREAMING_HANDLER_03, HANDLER, RUNTIME},
    "gemini_environment": {ENVIRONMENT},
    "gemini": {INCOMING_HANDLER, RUNTIME},
    "gemini_gateway": {HANDLER, RUNTIME},
}
PARTS = {
    "gemini": ("http_proxy", "gemini_environment", "gemini_component"),
    "gemini_gateway": ("http_gateway", "gemini_environment", "gemini_provider"),
}


def _read(name: str) -> bytes:
    return (BUILD / f"{name}.wasm").read_bytes()


def _read_whole(name: str) -> bytes:
    return unshare(_read(name))


@pytest.mark.parametrize(("name", "counterpart"), COUNTERPARTS.items())
def test_it_declares_what_its_counterpart_does(name: str, counterpart: str) -> None:
    file, other = BUILD / f"{name}.wasm", BUILD / f"{counterpart}.wasm"
    assert declared.imports(file) == declared.imports(other)
    assert declared.exports(file) == declared.exports(other) == EXPORTS[name]
    assert declared.imports(file) >= WAYS_OUT.get(name, set())


@pytest.mark.parametrize(("name", "parts"), PARTS.items())
def test_it_is_joined_of_its_own_and_the_same_router(
    name: str, parts: tuple[str, ...]
) -> None:
    """But for its shared modules a part is embedded as it stands: bytes are found."""
    composed, other = _read_whole(name), _read_whole(COUNTERPARTS[name])
    router, *own = map(_read, parts)
    assert router in composed and router in other
    for part in own:
        assert part in composed and part not in other
    counterparts = [_read(COUNTERPARTS[part]) for part in parts[1:]]
    assert [part in composed for part in counterparts] == [False, False]
    assert [part in other for part in counterparts] == [True, True]


@pytest.mark.parametrize(("name", "parts"), PARTS.items())
def test_the_makefile_joins_it_so(name: str, parts: tuple[str, ...]) -> None:
    makefile = (ROOT / "Makefile").read_text().replace("\\\n", "")
    joined = re.search(
        rf"^build/{name}\.wasm:.*\n\s*build/wac plug (.*?) -o", makefile, re.M
    )
    assert joined
    router, environment, provider = parts
    plugs = [f"build/{environment}.wasm", f"build/{provider}.wasm"]
    if provider == "gemini_provider":
        plugs[1:] = ["build/bounded_body.wasm", f"build/bounded/{provider}.wasm"]
    assert joined[1].replace("--plug ", "").split() == [f"build/{router}.wasm", *plugs]


@pytest.mark.parametrize("name", ["http_proxy", "http_gateway"])
def test_the_router_knows_nothing_of_it(name: str) -> None:
    assert b"PROMPT_PATH" in _read(name)
    assert b"gemini" not in _read(name).lower()


@pytest.mark.parametrize("name", ["gemini_component", "gemini_provider"])
def test_the_build_holds_its_own_packages_alone(name: str) -> None:
    wasm = _read(name)
    assert b"gemini_component" in wasm and b"x-goog-api-key" in wasm
    for foreign in (b"openai_component", b"http_proxy", b".dist-info"):
        assert foreign not in wasm


def test_no_key_is_baked_into_the_router_s_environment() -> None:
    assert b"KEY" not in _read("gemini_environment")
