"""The header `content-type`, read in one pass.

See: https://www.rfc-editor.org/rfc/rfc9110#section-8.3.1
"""

import re
from dataclasses import dataclass

MEDIA_TYPE_LIMIT = 1_024
"""Characters: a real one has some forty."""

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]++"
_TYPE = re.compile(rf"({_TOKEN}/{_TOKEN})[ \t]*+")
# Possessive throughout, and never two ways to read on: no place is looked at twice.
_PARAMETER = re.compile(
    rf';[ \t]*+(?:({_TOKEN})=(?:({_TOKEN})|"((?:[^"\\]++|\\.)*+)")[ \t]*+)?+'
)
_QUOTED_PAIR = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class MediaType:
    """A type such as "text/plain", and its charset; both in lower case."""

    type: str
    charset: str | None


def parse_media_type(value: str) -> MediaType | None:
    """Read a value of `content-type`; None if it is none, or over the limit.

    Of a charset that is given twice the first counts.
    """
    found = _TYPE.match(value) if len(value) <= MEDIA_TYPE_LIMIT else None
    if found is None:
        return None
    charset, at = None, found.end()
    while parameter := _PARAMETER.match(value, at):
        at = parameter.end()
        name, token, quoted = parameter.groups()
        if charset is None and (name or "").lower() == "charset":
            charset = token or _QUOTED_PAIR.sub(r"\1", quoted)
    if at < len(value):
        return None
    return MediaType(found[1].lower(), charset and charset.lower())
