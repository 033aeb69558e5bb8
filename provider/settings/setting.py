"""One setting, as the documentation tells of it and as it is read."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from provider.allow_list import BadPattern
from provider.settings.kinds import Kind
from wire.errors import ConfigurationError

Value = TypeVar("Value")
SHOWN_LIMIT = 22
"""Characters of a wrong value, quotes included: fewer than any key has."""

PATTERN_LIMIT = 64
"""Characters of a pattern that is shown: it is in a list that holds no secret."""


@dataclass(frozen=True, slots=True)
class Setting(Generic[Value]):
    """A variable, a place in the document, and what may stand there.

    `path` is below `config`, and empty for what has no place in a document. `default`
    is written as the variable would be.
    """

    variable: str
    path: str
    default: str
    kind: Kind[Value]
    meaning: str
    is_shown: bool = True
    """An error may show a wrong value, if it is short: false for what could be, or be
    taken for, a secret."""
    may_be_blank: bool = True
    """A variable that is blank counts as one that is not set."""

    def blank(self) -> ConfigurationError:
        """Build the error for a variable that is there and holds nothing."""
        return ConfigurationError(
            f"{self.variable} is set and blank: unset it, or make it "
            f"{self.kind.expected}.",
            code="invalid_setting",
        )

    def refused(self, shown: str, name: str, error: ValueError) -> ConfigurationError:
        """Build the error for a value that makes no sense where `name` says."""
        if isinstance(error, BadPattern):
            return _refused_pattern(error, name)
        if not self.is_shown or len(shown) > SHOWN_LIMIT:
            shown = "set to something else"
        return ConfigurationError(
            f"{name} is {shown}, but it must be {self.kind.expected}.",
            code="invalid_setting",
        )


AnySetting = Setting[Any]


def _refused_pattern(error: BadPattern, name: str) -> ConfigurationError:
    pattern = error.pattern[:PATTERN_LIMIT]
    return ConfigurationError(
        f"{name} holds {pattern!r}, which can never match: {error.reason}.",
        code="invalid_setting",
    )
