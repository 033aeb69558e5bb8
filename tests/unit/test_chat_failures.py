from typing import Any

import pytest

from provider.chat import failures
from provider.chat.deltas import Failed
from wire.sse import EVENT_LIMIT

ERROR = {"message": "Busy.", "type": "overloaded_error", "param": None, "code": "busy"}


@pytest.mark.parametrize(
    ("event", "parsed", "error"),
    [
        ("message", {"error": ERROR}, ERROR),
        ("error", {"error": ERROR}, ERROR),
        ("error", ERROR, ERROR),
        ("message", {"choices": [], "error": ERROR}, ERROR),
        ("message", {"object": "error", **ERROR}, {"object": "error", **ERROR}),
        (
            "message",
            {"type": "error", "message": "m"},
            {"type": "error", "message": "m"},
        ),
        ("message", {"type": "error", "error": ERROR}, ERROR),
        ("message", {"error": "Busy."}, {"message": "Busy."}),
        ("error", "Busy.", {"message": "Busy."}),
        ("message", [{"error": ERROR}], ERROR),
        ("error", [{"error": ERROR}], ERROR),
        ("error", {}, {}),
        ("error", "", {"error": ""}),
    ],
)
def test_finds_an_error(event: str, parsed: Any, error: dict[str, Any]) -> None:
    assert failures.find_error(event, parsed) == error


@pytest.mark.parametrize(
    "parsed",
    [
        {},
        {"error": None},
        {"error": {}},
        {"choices": []},
        {"type": "ping"},
        "text",
        [1],
        [],
        [{"error": None}],
        [{}],
    ],
)
def test_finds_no_error_where_there_is_none(parsed: Any) -> None:
    assert failures.find_error("message", parsed) is None


@pytest.mark.parametrize(
    ("error", "message", "type", "code"),
    [
        (ERROR, "Busy.", "overloaded_error", "busy"),
        ({"message": "m", "code": 429}, "m", "server_error", "429"),
        ({"message": "m", "type": "error"}, "m", "server_error", None),
        ({"message": "m", "type": None, "code": ""}, "m", "server_error", None),
    ],
)
def test_passes_an_error_on(
    error: dict[str, Any], message: str, type: str, code: str | None
) -> None:
    failed = failures.reported(error, ())
    assert failed == Failed(message, type, code, cause="upstream_error")


@pytest.mark.parametrize("message", [None, "", {"text": "x"}])
def test_an_error_without_a_reason_says_so(message: object) -> None:
    assert "no reason" in failures.reported({"message": message}, ()).message


def test_no_secret_passes() -> None:
    error = {"message": "key sk-1 of sk-1", "type": "sk-1", "code": "x-sk-1"}
    failed = failures.reported(error, ("sk-2", "sk-1"))
    assert failed.message == "key [redacted] of [redacted]"
    assert (failed.type, failed.code) == ("[redacted]", "x-[redacted]")


@pytest.mark.parametrize(
    ("failed", "code", "told"),
    [
        (failures.incomplete(), "upstream_incomplete", "ended before"),
        (failures.invalid_event(), "upstream_invalid_event", "no JSON object"),
        (failures.invalid_reply(), "upstream_invalid_reply", "base URL"),
        (failures.too_large(), "upstream_event_too_large", str(EVENT_LIMIT)),
        (failures.too_long(77), "upstream_reply_too_large", "77 bytes"),
    ],
)
def test_our_own_say_what_happened(failed: Failed, code: str, told: str) -> None:
    assert (failed.type, failed.code, failed.cause) == ("server_error", code, code)
    assert told in failed.message


def test_a_broken_connection_is_logged_as_the_host_names_it() -> None:
    failed = failures.broken("connection-terminated")
    assert (failed.code, failed.cause) == ("upstream_broken", "connection-terminated")
    assert "(connection-terminated)" in failed.message
