"""Where the values of a JSON text stand, so that a few can be changed in it.

What is not changed keeps its very bytes: numbers of any size, repeated members, blanks.
The text has to be JSON already; `open_text` sees to that.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from provider.compact_json import encode_json
from wire.shallow_json import parse_shallow

BLANKS = " \t\n\r"
_BLANKS = re.compile(f"[{BLANKS}]*")
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Span:
    """A value, and the text from `start` to `end` that it was read from."""

    value: Any
    start: int
    end: int


Edit = tuple[int, int, str]
"""Start and end of what is replaced, and the text in its place."""


def open_text(body: bytes) -> tuple[str, Span]:
    """Return a JSON body as text, and its one value.

    Raises `ValueError` for what is no JSON in UTF-8: a `JSONDecodeError` or
    `UnicodeDecodeError`, or another for what is nested too deep.
    """
    # As the parser does: half a surrogate pair passes, if only somebody wrote it.
    text = body.decode("utf-8", "surrogatepass")
    whole = parse_shallow(body)
    start = _skip_blanks(text, 1 if text.startswith("\ufeff") else 0)
    return text, Span(whole, start, len(text.rstrip(BLANKS)))


def members(text: str, span: Span) -> Iterator[tuple[str, Span]]:
    """Yield the members of an object in the order of the text, repeated ones too."""
    at = _skip_blanks(text, span.start + 1)
    while text[at] != "}":
        name = _read(text, at)
        value = _read(text, _skip_blanks(text, name.end) + 1)
        yield name.value, value
        at = _skip_comma(text, value.end)


def items(text: str, span: Span) -> Iterator[Span]:
    """Yield the items of an array."""
    at = _skip_blanks(text, span.start + 1)
    while text[at] != "]":
        item = _read(text, at)
        yield item
        at = _skip_comma(text, item.end)


def splice(text: str, edits: Iterable[Edit]) -> bytes:
    """Encode `text` with `edits` made, which come in order and do not overlap.

    A new text is JSON of `encode_value`.
    """
    pieces, at = [], 0
    for start, end, new in edits:
        pieces += [text[at:start], new]
        at = end
    return "".join([*pieces, text[at:]]).encode("utf-8", "surrogatepass")


def encode_value(value: object) -> str:
    """Encode a new value compactly; half a surrogate pair becomes its escape."""
    return encode_json(value).decode()


def _read(text: str, at: int) -> Span:
    start = _skip_blanks(text, at)
    value, end = _DECODER.raw_decode(text, start)
    return Span(value, start, end)


def _skip_comma(text: str, at: int) -> int:
    at = _skip_blanks(text, at)
    return at + 1 if text[at] == "," else at


def _skip_blanks(text: str, at: int) -> int:
    match = _BLANKS.match(text, at)
    assert match, "no blanks are blanks too"
    return match.end()
