"""JSON from outside: parsed only if it is no deeper and no fuller than anything real.

The parser calls itself for each level, and in a component the stack that it runs out of
takes the whole instance with it: there is no RecursionError to catch. For each value it
makes an object, which takes twenty times the bytes of `{}` and a microsecond, and what
runs in a component is never interrupted. So both are counted first, in a few passes
over the text that make no object for what they count.
"""

import json
import re
from codecs import BOM_UTF8
from typing import Any

DEPTH_LIMIT = 32
VALUES_LIMIT = 100_000
"""Strings, opening brackets and commas of one text: no fewer than half its values."""

_STRING = re.compile(rb'"[^"]*+"?')
_OPENING = (b",", b"[", b"{")
_AS_SQUARE = bytes.maketrans(b"{}", b"[]")
_NO_BRACKET = bytes(set(range(256)) - set(b"[]{}"))


class TooManyValues(ValueError):
    """Report a text of more than `VALUES_LIMIT`."""


def parse_shallow(text: bytes, **hooks: Any) -> Any:
    """Parse a whole JSON text. Raises `ValueError` if it is none, or too deep.

    One that is too full raises `TooManyValues`. `hooks` are those of `json.loads`.

    It has to be UTF-8, which is all that JSON between systems may be: in another
    encoding, which the parser would guess, brackets could not be told from letters.
    See: https://www.rfc-editor.org/rfc/rfc8259#section-8.1
    """
    _check(text)
    decoded = text.removeprefix(BOM_UTF8).decode("utf-8", "surrogatepass")
    return json.loads(decoded, **hooks)


def parse_shallow_start(text: bytes) -> Any:
    """Parse the JSON value that `text` starts with. Raises as `parse_shallow`."""
    _check(text)
    value, _ = json.JSONDecoder().raw_decode(text.decode(errors="replace"))
    return value


def _check(text: bytes) -> None:
    # A chunk of a stream has so few that they cannot make it deep: most texts end here.
    is_shallow = text.count(b"[") + text.count(b"{") <= DEPTH_LIMIT
    if is_shallow and len(text) <= VALUES_LIMIT:
        return
    bare = _without_strings(text)
    if not is_shallow and _depth(bare) > DEPTH_LIMIT:
        raise ValueError("nested too deep")


def _without_strings(text: bytes) -> bytes:
    """Drop what is in quotes. Raises `TooManyValues`."""
    if b"\\" in text:
        # In this order, so that the quote after an escaped backslash stays.
        text = text.replace(rb"\\", b"").replace(rb"\"", b"")
    strings = (text.count(b'"') + 1) // 2
    if strings > VALUES_LIMIT:
        raise TooManyValues
    bare = _STRING.sub(b"", text)
    if strings + sum(map(bare.count, _OPENING)) > VALUES_LIMIT:
        raise TooManyValues
    return bare


def _depth(bare: bytes) -> int:
    """Return how deep a text without strings is nested, at least up to the limit.

    Each round takes the innermost pairs away. What stays open at the end is counted as
    if it were around all the others.
    """
    brackets = bare.translate(_AS_SQUARE, _NO_BRACKET)
    for depth in range(DEPTH_LIMIT + 1):
        outer = brackets.replace(b"[]", b"")
        if len(outer) == len(brackets):
            return depth + outer.count(b"[")
        brackets = outer
    return DEPTH_LIMIT + 1
