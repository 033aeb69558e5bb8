"""Keys in a query, such as Google's `?key=`: a client's own have no business upstream.

A name is judged as the worst reader would read it, in whatever way it is written.
"""

import re
from urllib.parse import unquote_plus

KEYS = frozenset(
    {
        "accesskey",
        "accesstoken",
        "apikey",
        "apitoken",
        "authorization",
        "authtoken",
        "key",
        "ocpapimsubscriptionkey",
        "subscriptionkey",
        "token",
        "xapikey",
        "xgoogapikey",
    }
)
"""Names without their capitals, hyphens and the like."""
DECODINGS = 4
"""More than anybody needs: what is encoded still is hiding something."""
_SEPARATOR = re.compile("[&;?#]")
_ENCODED = re.compile("%(?:[0-9a-f]{2}|u[0-9a-f]{4})", re.IGNORECASE)
# As some servers decode it. See: https://tc39.es/ecma262/#sec-escape-string
_UNICODE = re.compile("%u([0-9a-f]{4})", re.IGNORECASE)
_DECORATION = re.compile("[^a-z0-9]")
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
"""Full-width forms of ASCII."""


def without_keys(query: str) -> str:
    """Leave out the members that could be a key; the others stay as they came."""
    members = query.split("&")
    kept = [member for member in members if not _holds_key(member)]
    return query if len(kept) == len(members) else "&".join(kept)


def _holds_key(member: str) -> bool:
    decoded = _decode(member)
    if _ENCODED.search(decoded):
        return True
    return any(_is_key(part) for part in _SEPARATOR.split(decoded))


def _decode(member: str) -> str:
    for _ in range(DECODINGS):
        if not _ENCODED.search(member):
            break
        plain = _UNICODE.sub(lambda code: chr(int(code[1], 16)), member)
        member = unquote_plus(plain)
    return member.translate(_WIDE)


def _is_key(part: str) -> bool:
    name, mark, _ = part.partition("=")
    return bool(mark) and _DECORATION.sub("", name.lower()) in KEYS
