"""A stream that breaks off, on either side: as with the other provider."""

from tests.e2e.test_broken_upstream import (
    test_a_broken_stream_is_broken_for_the_client,
    test_too_long_a_silence_breaks_the_stream,
    test_what_came_just_before_the_break_is_not_lost,
)
from tests.e2e.test_client_gone import test_the_upstream_is_closed

__all__ = [
    "test_a_broken_stream_is_broken_for_the_client",
    "test_the_upstream_is_closed",
    "test_too_long_a_silence_breaks_the_stream",
    "test_what_came_just_before_the_break_is_not_lost",
]
