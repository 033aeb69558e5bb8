"""When to ask again, and after how long: the rules of the official clients.

See: https://github.com/openai/openai-python/blob/main/src/openai/_base_client.py
"""

from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from wire import headers
from wire.ports import Headers, TransportError

RETRIED_STATUSES = frozenset({408, 409, 429})
JITTER = 0.25
"""The part of a delay that chance may take away, so that clients do not march."""

# Asking again cannot help: the same host would say the same again.
_FINAL_KINDS = frozenset(
    {
        "configuration-error",
        "destination-ip-prohibited",
        "http-request-body-size",
        "http-request-denied",
        "http-request-method-invalid",
        "http-request-uri-invalid",
        "tls-alert-received",
        "tls-certificate-error",
        "tls-protocol-error",
    }
)
DELAY_LIMIT = 64
"""Characters of a header that asks for a delay: a date has 29."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how long to try, before the first byte. Times in seconds."""

    max_retries: int
    initial_delay: float
    multiplier: float
    max_delay: float
    total: float
    """From the first attempt to the reply's head, all attempts and waits together."""

    def backoff(self, retries: int, chance: float) -> float:
        """Return the delay before the next attempt, after `retries` of them.

        `chance` is a random number from 0 to 1.
        """
        delay = self.initial_delay * self.multiplier**retries
        return min(delay, self.max_delay) * (1 - JITTER * chance)


def status_is_retried(status: int, reply_headers: Headers) -> bool:
    """Tell whether a reply asks for another attempt; one that succeeded never does."""
    if 200 <= status <= 299:
        return False
    should_retry = headers.find(reply_headers, "x-should-retry")
    if should_retry in ("true", "false"):
        return should_retry == "true"
    return status in RETRIED_STATUSES or status >= 500


def transport_error_is_retried(error: TransportError) -> bool:
    """Tell whether another attempt could succeed after `error`."""
    return error.kind not in _FINAL_KINDS


def retry_after(reply_headers: Headers, unix_time: float) -> float | None:
    """Return the seconds that the upstream asks to wait, or None.

    `retry-after-ms` comes first, then `retry-after` in seconds or as a date.
    See: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
    """
    milliseconds = _number(_find(reply_headers, "retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    value = _find(reply_headers, "retry-after")
    seconds = _number(value)
    if seconds is None and value is not None:
        return _seconds_until(value, unix_time)
    return seconds


def _find(reply_headers: Headers, name: str) -> str | None:
    value = headers.find(reply_headers, name)
    return value if value and len(value) <= DELAY_LIMIT else None


def _number(value: str | None) -> float | None:
    try:
        number = float(value or "")
    except ValueError:
        return None
    return number if 0 <= number < float("inf") else None


def _seconds_until(date: str, unix_time: float) -> float | None:
    try:
        return max(0.0, parsedate_to_datetime(date).timestamp() - unix_time)
    except (ValueError, OverflowError):
        return None
