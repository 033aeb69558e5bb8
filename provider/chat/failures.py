"""What went wrong in the middle of a reply."""

from typing import Any

from provider.chat.deltas import Failed
from provider.redaction import redact
from wire.sse import EVENT_LIMIT

UPSTREAM_ERROR = "upstream_error"
_NO_REASON = "The upstream failed in the middle of its reply and gave no reason."


def incomplete() -> Failed:
    """Say that the stream ended before the reply did."""
    return _own(
        "upstream_incomplete", "The upstream's stream ended before its reply did."
    )


def invalid_event() -> Failed:
    """Say that an event is no chunk."""
    return _own(
        "upstream_invalid_event", "The upstream sent an event that is no JSON object."
    )


def invalid_reply() -> Failed:
    """Say that a whole reply is no completion."""
    return _own(
        "upstream_invalid_reply",
        "The upstream's reply is no completion in JSON; check the base URL.",
    )


def too_large(what: str = f"an event of more than {EVENT_LIMIT} bytes") -> Failed:
    """Say that the upstream sent more than is held at once."""
    return _own("upstream_event_too_large", f"The upstream sent {what}.")


def too_long(limit: int) -> Failed:
    """Say that a whole reply has more bytes than `limit`."""
    return _own(
        "upstream_reply_too_large",
        f"The upstream's reply is larger than {limit} bytes; ask for a stream.",
    )


def broken(kind: str) -> Failed:
    """Say that the upstream's connection broke; `kind` is the host's word for it."""
    message = f"The upstream's connection broke in the middle of its reply ({kind})."
    return Failed(message, "server_error", "upstream_broken", cause=kind)


def find_error(event: str, parsed: Any) -> dict[str, Any] | None:
    """Return the error that an event reports, in the form of an OpenAI error object.

    Servers nest it in `error`, send it flat, or say `event: error` alone. An error
    that is text stands for its message. Gemini puts all of it in an array.
    """
    match parsed:
        case [{"error": _} as first, *_]:
            parsed = first
    fields = parsed if isinstance(parsed, dict) else {"error": parsed}
    error = fields.get("error")
    if error and (event == "error" or isinstance(parsed, dict)):
        return error if isinstance(error, dict) else {"message": str(error)}
    is_flat = "error" in (event, fields.get("type"), fields.get("object"))
    return fields if is_flat else None


def reported(error: dict[str, Any], secrets: tuple[str, ...]) -> Failed:
    """Pass an upstream's error on, without any of `secrets`."""
    kind = _text(error.get("type"), secrets)
    return Failed(
        _text(error.get("message"), secrets) or _NO_REASON,
        # In a flat error the type says that it is an error, and not which.
        "server_error" if kind in (None, "error") else kind,
        _text(error.get("code"), secrets),
        cause=UPSTREAM_ERROR,
    )


def _text(value: object, secrets: tuple[str, ...]) -> str | None:
    # Codes are numbers to some servers.
    text = str(value) if isinstance(value, str | int) else ""
    return redact(text, secrets) or None


def _own(code: str, message: str) -> Failed:
    return Failed(message, "server_error", code, cause=code)
