"""`make compose`: it joins as the Makefile does, and refuses what does not fit."""

from pathlib import Path

import pytest

from tests.e2e.proxy import BUILD
from tests.examples.server import make


def compose(router: str, provider: str, out: Path) -> tuple[int, str]:
    command = f"make compose ROUTER={router} PROVIDER={provider} OUT='{out}'"
    done = make(command)
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    ("edition", "router", "provider"),
    [
        ("final", "http_proxy", "openai_component"),
        ("gateway", "http_gateway", "openai_gateway"),
    ],
)
def test_the_project_s_own_are_joined_as_the_makefile_joins_them(
    tmp_path: Path, edition: str, router: str, provider: str
) -> None:
    out = tmp_path / "a folder" / "joined.wasm"
    status, told = compose(f"build/{router}.wasm", f"build/{provider}.wasm", out)
    assert status == 0, told
    assert out.read_bytes() == (BUILD / f"{edition}.wasm").read_bytes()
    assert [each.name for each in out.parent.iterdir()] == [out.name]


@pytest.mark.parametrize(
    ("router", "provider", "told"),
    [
        (
            "build/http_gateway.wasm",
            "build/echo_02.wasm",
            "build/http_gateway.wasm is a router for WASI 0.3 and build/echo_02.wasm a "
            "provider for WASI 0.2: build both for the same.",
        ),
        (
            "build/http_proxy.wasm",
            "build/echo.wasm",
            "build/http_proxy.wasm is a router for WASI 0.2 and build/echo.wasm a "
            "provider for WASI 0.3: build both for the same.",
        ),
        (
            "build/http_gateway.wasm",
            "build/query_03.wasm",
            "build/query_03.wasm is no provider: it does not export "
            "wasmcloud:ai/streaming-handler.",
        ),
        (
            "build/echo.wasm",
            "build/http_gateway.wasm",
            "build/echo.wasm is a provider and no router: it exports "
            "wasmcloud:ai/streaming-handler@0.3.",
        ),
        (
            "README.md",
            "build/echo.wasm",
            "README.md is no WebAssembly component, or not a whole one.",
        ),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(
    tmp_path: Path, router: str, provider: str, told: str
) -> None:
    out = tmp_path / "joined.wasm"
    status, said = compose(router, provider, out)
    assert status != 0
    assert said.splitlines()[0] == told
    assert "Traceback" not in said
    assert not out.exists()


def test_neither_of_the_two_is_overwritten() -> None:
    before = (BUILD / "echo.wasm").read_bytes()
    echo = Path("build/echo.wasm")
    status, said = compose("build/http_gateway.wasm", "build/../build/echo.wasm", echo)
    assert status != 0
    assert said.startswith("build/echo.wasm is one of the two to join")
    assert (BUILD / "echo.wasm").read_bytes() == before
