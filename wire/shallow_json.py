"""JSON from outside: parsed only if it is no deeper than anything real.

The parser calls itself for each level, and in a component the stack that it runs out of
takes the whole instance with it: there is no RecursionError to catch.
"""

import json
import re
from codecs import BOM_UTF8
from typing import Any

DEPTH_LIMIT = 32

# Possessive, so that a long string leaves no trail of places to go back to.
_STRING_OR_BRACKET = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)


def parse_shallow(text: bytes, **hooks: Any) -> Any:
    """Parse a whole JSON text. Raises `ValueError` if it is none, or too deep.

    `hooks` are those of `json.loads`.

    It has to be UTF-8, which is all that JSON between systems may be: in another
    encoding, which the parser would guess, brackets could not be told from letters.
    See: https://www.rfc-editor.org/rfc/rfc8259#section-8.1
    """
    _check_depth(text)
    decoded = text.removeprefix(BOM_UTF8).decode("utf-8", "surrogatepass")
    return json.loads(decoded, **hooks)


def parse_shallow_start(text: bytes) -> Any:
    """Parse the JSON value that `text` starts with. Raises `ValueError`."""
    _check_depth(text)
    value, _ = json.JSONDecoder().raw_decode(text.decode(errors="replace"))
    return value


def _check_depth(text: bytes) -> None:
    # A chunk of a stream has so few that they cannot make it deep: most texts end here.
    if text.count(b"[") + text.count(b"{") <= DEPTH_LIMIT:
        return
    depth = 0
    for match in _STRING_OR_BRACKET.finditer(text):
        token = match[0]
        if token in (b"[", b"{"):
            depth += 1
            if depth > DEPTH_LIMIT:
                raise ValueError("nested too deep")
        elif token in (b"]", b"}"):
            depth -= 1
