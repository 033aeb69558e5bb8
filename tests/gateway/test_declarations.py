"""What the gateway's files import and export: so much can each of them reach."""

import re

from tests.e2e.proxy import BUILD, ROOT
from tests.gateway import declared
from tests.host.test_declarations import LIBC

ACCESS = "wasmcloud:ai/access@0.3.0"
STREAMING_HANDLER = "wasmcloud:ai/streaming-handler@0.3.0"
HANDLER = "wasi:http/handler@0.3.0"
CLIENT = "wasi:http/client@0.3.0"
BOUNDED_BODY = "wasmcloud:ai/bounded-body@0.3.0"
BOUNDED_CLIENT = "wasmcloud:ai/bounded-client@0.3.0"
CANCELLATION = "wasmcloud:ai/cancellation@0.3.0"
ENVIRONMENT = "wasi:cli/environment@0.3.0"
RUNTIME = "exports"
"""What componentize-py exports besides."""
COMMON = (LIBC - {"wasi:http/types@0.2.9"}) | {
    "wasi:clocks/monotonic-clock@0.3.0",
    "wasi:clocks/types@0.3.0",
    "wasi:http/types@0.3.0",
}
"""What both import, of which no more than `client` leads out and none to the key."""


def _imports(name: str) -> set[str]:
    return declared.imports(BUILD / f"{name}.wasm")


def _exports(name: str) -> set[str]:
    return declared.exports(BUILD / f"{name}.wasm")


def test_the_router_imports_a_provider_and_no_way_out() -> None:
    assert _imports("http_gateway") == COMMON | {
        ACCESS,
        BOUNDED_BODY,
        STREAMING_HANDLER,
        HANDLER,
    }
    assert _exports("http_gateway") == {HANDLER, RUNTIME}


def test_the_provider_exports_all_that_the_router_asks_for() -> None:
    bounded = {BOUNDED_BODY, BOUNDED_CLIENT, CANCELLATION}
    assert _imports("openai_gateway") == COMMON | bounded | {ENVIRONMENT}
    provided = {ACCESS, STREAMING_HANDLER, HANDLER}
    assert _exports("openai_gateway") == provided | {RUNTIME}


def test_the_composition_is_an_http_component_like_any_other() -> None:
    assert _imports("gateway") == COMMON | {CLIENT, ENVIRONMENT}
    assert _exports("gateway") == {HANDLER, RUNTIME}


def test_the_router_has_the_empty_environment_alone() -> None:
    """It asks for 0.2.9's, as the pair's router does, and that one is plugged."""
    asked = {name for name in _imports("http_gateway") if "environment" in name}
    assert asked == declared.exports(BUILD / "no_environment.wasm")
    makefile = (ROOT / "Makefile").read_text().replace("\\\n", "")
    joined = re.search(r"build/wac plug (build/http_gateway.*?) -o", makefile)
    assert joined
    assert joined[1].split() == [
        "build/http_gateway.wasm",
        *("--plug", "build/no_environment.wasm"),
        *("--plug", "build/bounded_body.wasm"),
        *("--plug", "build/bounded/openai_gateway.wasm"),
    ]


def test_what_bounds_a_request_can_reach_no_more_than_its_upstream() -> None:
    assert _imports("bounded_client") == {
        "wasi:clocks/monotonic-clock@0.3.0",
        "wasi:http/types@0.3.0",
        CLIENT,
    }
    assert _exports("bounded_client") == {BOUNDED_CLIENT}
    assert _imports("bounded_body") == {
        "wasi:clocks/monotonic-clock@0.3.0",
        "wasi:http/types@0.3.0",
    }
    assert _exports("bounded_body") == {BOUNDED_BODY}
    makefile = (ROOT / "Makefile").read_text().replace("\\\n", "")
    rule = re.search(
        r"^build/bounded/%.wasm: build/%.wasm .*((?:\n\t.*)+)", makefile, re.M
    )
    assert rule
    plugs = re.findall(r"--plug (\S+)", rule[1])
    own = ("bounded_body", "bounded_client", "cancellation")
    assert plugs == [f"build/{name}.wasm" for name in own]


def test_what_cancels_a_read_can_reach_nothing() -> None:
    assert _imports("cancellation") == set()
    assert _exports("cancellation") == {CANCELLATION}


def test_the_build_holds_its_own_packages_alone() -> None:
    router = (BUILD / "http_gateway.wasm").read_bytes()
    provider = (BUILD / "openai_gateway.wasm").read_bytes()
    assert b"http_proxy" in router and b"openai_component" in provider
    assert b"openai_component" not in router
    assert b"http_proxy" not in provider
    assert b".dist-info" not in router + provider
