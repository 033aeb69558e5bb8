"""Kinds of settings: what one may be, as a variable's text and as JSON.

Each reads both forms into the same value, and raises `ValueError` for what it is not;
`expected` says what it would have taken.
"""

import re
from dataclasses import dataclass
from typing import Protocol, TypeVar

Value = TypeVar("Value", covariant=True)


class Kind(Protocol[Value]):
    """What a setting may be."""

    @property
    def expected(self) -> str:
        """Say what is taken, to follow "it must be"."""

    def from_text(self, text: str) -> Value:
        """Read a variable's text, which has no blanks around it."""

    def from_json(self, value: object) -> Value:
        """Read a value of the document."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text of one line that matches `pattern` as a whole."""

    pattern: str = r"[^\x00-\x1f\x7f]*"
    expected: str = "a text of one line"

    def from_text(self, text: str) -> str:
        """Return the text."""
        if not re.fullmatch(self.pattern, text):
            raise ValueError(self.expected)
        return text

    def from_json(self, value: object) -> str:
        """Return a JSON string."""
        return self.from_text(_string(value).strip())


@dataclass(frozen=True, slots=True)
class Number:
    """A number between two bounds, both included."""

    minimum: int
    maximum: int
    whole: bool = True

    @property
    def expected(self) -> str:
        """Say the bounds."""
        kind = "a whole number" if self.whole else "a number"
        return f"{kind} from {self.minimum} to {self.maximum}"

    def from_text(self, text: str) -> float:
        """Return the number that the text is.

        Python would also take `1_000` and the digits of other scripts.
        """
        if not text.isascii() or "_" in text:
            raise ValueError(self.expected)
        return self._within(int(text) if self.whole else float(text))

    def from_json(self, value: object) -> float:
        """Return a JSON number; a string that looks like one is none."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(self.expected)
        if self.whole and not isinstance(value, int):
            raise ValueError(self.expected)
        return self._within(value)

    def _within(self, value: float) -> float:
        if not self.minimum <= value <= self.maximum:
            raise ValueError(self.expected)
        return value


@dataclass(frozen=True, slots=True)
class OrNone:
    """A number, or none at all: the word `none`, and null in a document."""

    number: Number

    @property
    def expected(self) -> str:
        """Say the bounds."""
        return f"{self.number.expected}, or none"

    def from_text(self, text: str) -> float | None:
        """Return the number that the text is."""
        return None if text.lower() == "none" else self.number.from_text(text)

    def from_json(self, value: object) -> float | None:
        """Return a JSON number, or None for null."""
        return None if value is None else self.number.from_json(value)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words, in upper or lower case."""

    words: tuple[str, ...]

    @property
    def expected(self) -> str:
        """Say the words."""
        return " or ".join(self.words)

    def from_text(self, text: str) -> str:
        """Return the word, written as in `words`."""
        written = {word.lower(): word for word in self.words}
        if text.lower() not in written:
            raise ValueError(self.expected)
        return written[text.lower()]

    def from_json(self, value: object) -> str:
        """Return the word that a JSON string is."""
        return self.from_text(_string(value).strip())


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    expected: str = "true or false"

    def from_text(self, text: str) -> bool:
        """Return what the word says."""
        if text.lower() not in ("true", "false"):
            raise ValueError(self.expected)
        return text.lower() == "true"

    def from_json(self, value: object) -> bool:
        """Return a JSON boolean."""
        if not isinstance(value, bool):
            raise ValueError(self.expected)
        return value


@dataclass(frozen=True, slots=True)
class Words:
    """A list of words that match `pattern`: in a variable split at commas or blanks.

    A list of separators alone is none: whoever wrote it meant something else.
    """

    expected: str = "a list of words without blanks or commas"
    pattern: str = ".+"

    def from_text(self, text: str) -> tuple[str, ...]:
        """Split the list."""
        words = tuple(word for word in re.split(r"[,\s]+", text) if word)
        if text and not words:
            raise ValueError(self.expected)
        if not all(re.fullmatch(self.pattern, word) for word in words):
            raise ValueError(self.expected)
        return words

    def from_json(self, value: object) -> tuple[str, ...]:
        """Return a JSON array of strings."""
        if not isinstance(value, list):
            raise ValueError(self.expected)
        if any(self.from_text(_string(word)) != (word,) for word in value):
            raise ValueError(self.expected)
        return tuple(value)


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("a string")
    return value
