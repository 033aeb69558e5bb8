"""Secrets, found in what an upstream sends however it has written them there.

An upstream that repeats a key may escape it, as JSON and URLs have it, or several times
over. So what is searched is every reading of a text, up to the one that has nothing
left to decode.
"""

import re
from collections.abc import Iterator

from wire.ports import Headers

REDACTED = "[redacted]"
DECODINGS = 4
"""More than any server does; what is escaped still counts as a secret."""
_ESCAPE = re.compile(
    r"\\u(?P<json>[0-9a-f]{4})|%u(?P<wide>[0-9a-f]{4})|%(?P<octet>[0-9a-f]{2})"
    r"|&\#x(?P<hex>[0-9a-f]{1,4});|&\#(?P<decimal>[0-9]{1,4});|\\(?P<plain>.)",
    re.IGNORECASE | re.DOTALL,
)


def redact(text: str, secrets: tuple[str, ...]) -> str:
    """Return `text` without any of `secrets`; all of it goes if one is still in it."""
    for secret in secrets:
        text = re.sub(re.escape(secret), REDACTED, text, flags=re.IGNORECASE)
    return REDACTED if holds_secret(text, secrets) else text


def holds_secret(text: str, secrets: tuple[str, ...]) -> bool:
    """Tell whether a reading of `text` holds one of `secrets`, in any case."""
    if not secrets:
        return False
    wanted = {form.lower() for secret in secrets for form in _readings(secret)}
    last = text
    for reading in _readings(text):
        last = reading.lower()
        if any(form in last for form in wanted):
            return True
    return bool(_ESCAPE.search(last))


def without_secrets(headers: Headers, secrets: tuple[str, ...]) -> Headers:
    """Leave out the headers that hold one of `secrets`."""
    lines = [f"{name}: {value.decode('latin-1')}" for name, value in headers]
    # Looked at together, as nearly always there is none.
    if not holds_secret("\n".join(lines), secrets):
        return headers
    told = zip(headers, lines, strict=True)
    return tuple(header for header, line in told if not holds_secret(line, secrets))


def _readings(text: str) -> Iterator[str]:
    """Yield a text as it stands, then as it reads after each decoding."""
    yield text
    for _ in range(DECODINGS):
        decoded = _ESCAPE.sub(_decode, text)
        if decoded == text:
            return
        yield decoded
        text = decoded


def _decode(escape: re.Match[str]) -> str:
    if escape["plain"]:
        return escape["plain"]
    if escape["decimal"]:
        return chr(int(escape["decimal"]))
    digits = escape["json"] or escape["wide"] or escape["octet"] or escape["hex"]
    return chr(int(digits, 16))
