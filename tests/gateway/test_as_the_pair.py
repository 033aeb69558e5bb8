"""What the pair does, the gateway does: the pair's own tests, run against it."""

from types import ModuleType

from tests.e2e import (
    test_back_pressure,
    test_broken_upstream,
    test_client_gone,
    test_headers,
    test_isolation,
    test_log,
    test_prompts,
    test_requests,
    test_retries,
    test_room,
    test_settings,
    test_streaming,
    test_transport_errors,
    test_upstream_errors,
)
from tests.e2e.test_transport_errors import refusing

__all__ = ["refusing"]

UNCOUNTED = "the host relays the bytes: the guest counts none of them"
DIFFERENT = {
    "test_the_line_of_a_stream": UNCOUNTED,
    "test_a_line_for_each_chunk_at_debug": UNCOUNTED,
    "test_before_the_head_the_first_byte_timeout_bounds_it": "the host notices earlier",
    "test_what_came_just_before_the_break_is_not_lost": "the host relays and breaks "
    "by itself; see test_limits",
    "test_a_length_that_the_upstream_gives_is_dropped": "the host keeps its framing",
}


def same_tests(*modules: ModuleType) -> dict[str, object]:
    """Return the tests of these modules that hold for the gateway too."""
    return {
        name: test
        for module in modules
        for name, test in vars(module).items()
        if name.startswith("test_") and name not in DIFFERENT
    }


globals().update(
    same_tests(
        test_back_pressure,
        test_broken_upstream,
        test_client_gone,
        test_headers,
        test_isolation,
        test_log,
        test_prompts,
        test_requests,
        test_retries,
        test_room,
        test_settings,
        test_streaming,
        test_transport_errors,
        test_upstream_errors,
    )
)
