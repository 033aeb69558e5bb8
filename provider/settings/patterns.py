"""The kind of setting that is a list of what `/v1/` serves."""

from dataclasses import dataclass

from provider.allow_list import BadPattern, Pattern, parse_patterns


@dataclass(frozen=True, slots=True)
class Patterns:
    """Patterns of paths: in a variable separated by commas or blanks.

    One that no path can match raises `BadPattern`.
    """

    expected: str = "a list of paths, each alone or after a method"

    def from_text(self, text: str) -> tuple[Pattern, ...]:
        """Read the list. No comma parts a method from its path."""
        parts = text.split(",")
        return tuple(pattern for part in parts for pattern in parse_patterns(part))

    def from_json(self, value: object) -> tuple[Pattern, ...]:
        """Read a JSON array of strings, each one pattern."""
        if not isinstance(value, list):
            raise ValueError(self.expected)
        return tuple(map(self._read_one, value))

    def _read_one(self, item: object) -> Pattern:
        if not isinstance(item, str):
            raise ValueError(self.expected)
        patterns = self.from_text(item)
        if len(patterns) != 1:
            raise BadPattern(item, "a string of the list is one pattern")
        return patterns[0]
