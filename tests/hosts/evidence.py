"""What shows the promises on wasmtime-py, which is a library and serves nothing."""

from tests.e2e.proxy import ROOT

HOST = "wasmtime-py 50.0.1"
EDITION = "final"
HERE = "tests/hosts/test_wasmtime_py.py"
TESTS = {
    "starts": "tests/host/test_streaming.py::"
    "test_the_composition_relays_as_the_provider_does",
    "streams with gaps": "tests/host/test_streaming.py::"
    "test_the_head_waits_for_the_upstreams_and_for_nothing_more",
    "client leaves": "tests/host/test_endings.py::"
    "test_a_client_that_leaves_a_silent_upstream_behind_the_router",
    "upstream breaks": "tests/host/test_endings.py::"
    "test_a_break_reaches_the_client_through_the_router",
    "isolation": f"{HERE}::test_stores_leave_each_other_alone",
    "settings": "tests/host/test_environment.py::"
    "test_the_composed_provider_reads_the_key",
}
"""By check."""


def exists(test: str) -> bool:
    """Tell whether there is such a test."""
    path, _, name = test.partition("::")
    return f"def {name}(" in (ROOT / path).read_text()
