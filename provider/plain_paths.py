"""Paths that have one reading: whoever decodes them, and however often, sees the same.

Servers differ in what they decode, when they do it, and what they cut off or map to
something else. So the characters are listed that all of them read alike.
"""

import re
from urllib.parse import unquote

# Octets as they stand, all printable but `% ? # \`, or encoded.
_OCTETS = re.compile(r"(?:[!\"$&->@-\[\]-~]|%[0-9a-fA-F]{2})+")
# What may stand plain (dot, slash, semicolon), but is read differently where encoded.
_NEVER_ENCODED = re.compile(r"%(?:2e|2f|3b)", re.IGNORECASE)
_ASCII = re.compile(r"[ -~]")
# Some servers cut off parameters, and blanks and dots at the end: `.. ;x` is `..`.
_NO_NAME = re.compile(r"[. ]*(?:;.*)?")
_SPECIAL = frozenset("%?#\\")
_WIDE = range(0xFF00, 0xFFF0)
"""Forms of other characters: a full-width dot is a dot to some servers."""


def decode_path(path: str) -> str | None:
    """Return the decoded path, or None if two readers could differ about it.

    `path` is a request's, without its query and without a slash at its start.
    """
    if not _OCTETS.fullmatch(path) or _NEVER_ENCODED.search(path):
        return None
    try:
        decoded = unquote(path, errors="strict")
    except UnicodeDecodeError:
        return None  # An overlong form of a dot, say.
    return decoded if is_plain(decoded) else None


def is_plain(path: str) -> bool:
    """Tell whether a decoded path is one that `decode_path` can return."""
    return all(map(_is_plain, path)) and not any(
        _NO_NAME.fullmatch(segment) for segment in path.split("/")
    )


def _is_plain(character: str) -> bool:
    if character.isascii():
        return bool(_ASCII.match(character)) and character not in _SPECIAL
    # Beyond ASCII are letters and digits alone: no signs that pass for a dot or slash.
    is_letter = character.isalpha() or character.isdecimal()
    return is_letter and ord(character) not in _WIDE
