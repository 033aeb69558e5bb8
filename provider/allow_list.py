"""What the gateway serves below `/v1/`: patterns of paths, for one method or for all.

models              every method of one path
GET models/*        what is below a path, by one method
*                   everything
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from provider.plain_paths import is_plain

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
ALL = "*"
BELOW = "/*"
_METHOD = re.compile("[A-Z]+")


class BadPattern(ValueError):
    """Report a pattern that no request can match, and why."""

    def __init__(self, pattern: str, reason: str) -> None:
        super().__init__(reason)
        self.pattern = pattern
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Pattern:
    """Paths, decoded and without `/v1/`, and the method that they are allowed for."""

    path: str
    method: str | None = None

    def __str__(self) -> str:
        return f"{self.method} {self.path}" if self.method else self.path

    def covers(self, path: str) -> bool:
        """Tell whether `path` is one of these."""
        if self.path == ALL:
            return True
        is_tree = self.path.endswith(BELOW)
        return path.startswith(self.path[:-1]) if is_tree else path == self.path

    def allows(self, method: str) -> bool:
        """Tell whether `method` is the one; HEAD is a GET without the body."""
        return self.method in (None, method) or (self.method, method) == ("GET", "HEAD")


def allowed_methods(path: str, patterns: Iterable[Pattern]) -> tuple[str, ...]:
    """Return the methods that `path` is served for, none if it is not served."""
    covering = [pattern for pattern in patterns if pattern.covers(path)]
    return tuple(m for m in METHODS if any(p.allows(m) for p in covering))


def parse_patterns(text: str) -> Iterator[Pattern]:
    """Read patterns separated by blanks. Raises `BadPattern`."""
    words = iter(text.split())
    for word in words:
        if _METHOD.fullmatch(word):
            yield _for_method(word, next(words, ""))
        elif word.upper() in METHODS:
            raise BadPattern(word, "methods are written in capitals")
        else:
            yield _checked(Pattern(word))


def _for_method(method: str, path: str) -> Pattern:
    if method not in METHODS:
        raise BadPattern(method, f"the methods are {', '.join(METHODS)}")
    if not path:
        raise BadPattern(method, "a path has to follow the method")
    return _checked(Pattern(path, method))


def _checked(pattern: Pattern) -> Pattern:
    if reason := _why_never(pattern.path):
        raise BadPattern(str(pattern), reason)
    return pattern


def _why_never(path: str) -> str | None:
    """Say why no path can match, or return None."""
    if path == ALL:
        return None
    stem = path.removesuffix(BELOW)
    if stem.startswith("/") or "://" in stem:
        return "paths are told without what stands before them: `models`, not a URL"
    if "*" in stem:
        return "`*` stands alone or after the last slash"
    if not is_plain(stem):
        return (
            "no path that is served has a query, something encoded or special, or a "
            "segment that is empty or made of dots"
        )
    return None
