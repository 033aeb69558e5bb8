"""Marks of where a request has been sent, in the header that is made for it.

A mark names where a request goes, not who sends it: instances share nothing, and all of
one gateway have the same upstream.
See: https://www.rfc-editor.org/rfc/rfc9110#field.via
"""

import hashlib
import re

from provider.base_url import BaseUrl
from wire.ports import Headers
from wire.version import NAME

VIA = "via"
_MARK = re.compile(rf"1\.1 ({NAME}-[0-9a-f]{{16}})")


def mark(base_url: BaseUrl) -> str:
    """Return the mark of all requests that go to `base_url`.

    It is a digest: whoever is further on need not know the address.
    """
    where = f"{base_url.scheme}://{base_url.authority}{base_url.path}"
    return f"{NAME}-{hashlib.sha256(where.encode()).hexdigest()[:16]}"


def via(marks: tuple[str, ...]) -> Headers:
    """Return the header with these marks, the oldest first."""
    return ((VIA, ", ".join(f"1.1 {each}" for each in marks).encode()),)


def read_marks(sent: Headers) -> tuple[str, ...]:
    """Return the marks that a request came with; what else `via` says is not ours."""
    entries = (
        entry.strip()
        for name, value in sent
        if name == VIA
        for entry in value.decode("latin-1").split(",")
    )
    return tuple(found[1] for entry in entries if (found := _MARK.fullmatch(entry)))
