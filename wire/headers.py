"""Which headers pass: allow-lists, so that what nobody thought of stays behind."""

from wire import codings
from wire.ports import Headers

# See: https://platform.openai.com/docs/api-reference/debugging-requests
FORWARDED = frozenset(
    {"content-type", "retry-after", "retry-after-ms", "x-request-id", "x-should-retry"}
)
FORWARDED_PREFIXES = ("x-ratelimit-", "openai-")

# What a client may tell the upstream: nothing that authenticates or selects an account.
SENT_UP = frozenset(
    {
        "user-agent",
        "openai-beta",
        "idempotency-key",
        "x-client-request-id",
        "traceparent",
        "tracestate",
    }
)
SENT_UP_PREFIXES = ("content-", "accept", "x-stainless-")

HEADERS_LIMIT = 65_536
"""Of all headers of a message, as `size` counts them: half of what a host takes."""
FIELD_BYTES = 32
"""Counted for each header beside its name and value, as HTTP/2 does.
See: https://www.rfc-editor.org/rfc/rfc9113#section-6.5.2"""
_LENGTH_DIGITS = 15

# An encoded stream could not be relayed byte for byte to every client.
IDENTITY = ("accept-encoding", b"identity")

# Reverse proxies and browsers hold streams back unless they are told not to.
# See: https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffering
UNBUFFERED: Headers = (("cache-control", b"no-cache"), ("x-accel-buffering", b"no"))


def find(headers: Headers, name: str) -> str | None:
    """Return the first value of the header `name` (lower-case), or None."""
    for key, value in headers:
        if key == name:
            return value.decode("latin-1").strip()
    return None


def size(headers: Headers) -> int:
    """Return the bytes that the headers take, their overhead included."""
    return sum(len(name) + len(value) + FIELD_BYTES for name, value in headers)


def declared_length(headers: Headers) -> int | None:
    """Return the bytes that a body is said to have, None if it is not said.

    A number of more than 15 digits is cut to 15 of them: no body has as many bytes.
    """
    declared = find(headers, "content-length") or ""
    if not declared.isdecimal():
        return None
    return int(declared.lstrip("0")[:_LENGTH_DIGITS] or "0")


def is_encoded(headers: Headers) -> bool:
    """Tell whether a body is compressed, or encoded in another way."""
    return bool(codings.applied(headers))


def forwarded(headers: Headers) -> Headers:
    """Keep of an upstream's reply headers what a client may see."""
    return tuple(
        (name, value)
        for name, value in headers
        if name in FORWARDED or name.startswith(FORWARDED_PREFIXES)
    )


def sent_up(headers: Headers) -> Headers:
    """Keep of a client's request headers what the upstream may see."""
    return tuple(
        (name, value)
        for name, value in headers
        if name in SENT_UP or name.startswith(SENT_UP_PREFIXES)
    )


def without(headers: Headers, *names: str) -> Headers:
    """Drop the headers named, in lower-case."""
    return tuple((name, value) for name, value in headers if name not in names)
