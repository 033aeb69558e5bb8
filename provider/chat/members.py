"""The members of a client's JSON object: each is read by its rule, or refused by name.

A member that is null counts as not given, as it does for the OpenAI API.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from provider.chat.strict_json import Json
from wire.errors import InvalidRequest


@dataclass(frozen=True, slots=True)
class Members:
    """One JSON object and its place in the request, "" for the whole.

    Every method raises `InvalidRequest` that names the member, and shows no value.
    """

    value: Json
    place: str = ""

    def place_of(self, name: str) -> str:
        """Return the member's full name, such as `messages[2].role`."""
        return f"{self.place}.{name}" if self.place else name

    def has(self, name: str) -> bool:
        """Tell whether the member is given."""
        return self.value.get(name) is not None

    def refuse(self, name: str, rule: str, code: str) -> InvalidRequest:
        """Build the error that says what the member has to be, or why it cannot be."""
        place = self.place_of(name)
        return InvalidRequest(f"`{place}` {rule}.", code=code, param=place)

    def refuse_unknown(self, known: Collection[str]) -> None:
        """Refuse members that would have no effect."""
        for name in self.value:
            if name not in known:
                raise self.refuse(
                    name[:64],
                    f"is not known; there are: {', '.join(known)}",
                    "unknown_parameter",
                )

    def require(self, name: str) -> None:
        """Refuse an object that lacks the member."""
        if not self.has(name):
            raise self.refuse(name, "is missing", "missing_required_parameter")

    def text(self, name: str, *, may_be_empty: bool = False) -> str | None:
        """Read a string."""
        value = self.value.get(name)
        if value is None:
            return None
        if not isinstance(value, str):
            raise self.refuse(name, "must be a string", "invalid_type")
        if not value and not may_be_empty:
            raise self.refuse(name, "must not be empty", "invalid_value")
        return value

    def word(self, name: str, words: Iterable[str]) -> str | None:
        """Read one of some words."""
        word = self.text(name, may_be_empty=True)
        if word is not None and word not in words:
            raise self.refuse(
                name, f"must be one of {', '.join(words)}", "invalid_value"
            )
        return word

    def flag(self, name: str) -> bool | None:
        """Read true or false."""
        value = self.value.get(name)
        if value is not None and not isinstance(value, bool):
            raise self.refuse(name, "must be true or false", "invalid_type")
        return value

    def number(self, name: str, low: float, high: float) -> float | None:
        """Read a number within a range."""
        value = self.value.get(name)
        # To Python a bool is an int.
        if value is not None and type(value) not in (int, float):
            raise self.refuse(name, "must be a number", "invalid_type")
        if value is not None and not low <= value <= high:
            raise self.refuse(
                name, f"must be a number from {low} to {high}", "invalid_value"
            )
        return value

    def integer(self, name: str, low: int, high: int) -> int | None:
        """Read a whole number within a range, written without a fraction."""
        value = self.value.get(name)
        if value is not None and type(value) is not int:
            raise self.refuse(name, "must be an integer", "invalid_type")
        if value is not None and not low <= value <= high:
            raise self.refuse(
                name, f"must be an integer from {low} to {high}", "invalid_value"
            )
        return value

    def child(self, name: str) -> "Members | None":
        """Read an object."""
        value = self.value.get(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self.refuse(name, "must be an object", "invalid_type")
        return Members(value, self.place_of(name))

    def children(self, name: str, most: int) -> "Iterator[Members]":
        """Read a list of 1 to `most` objects, each when it is asked for."""
        value = self.value.get(name)
        if value is None:
            return
        if not isinstance(value, list):
            raise self.refuse(name, "must be an array of objects", "invalid_type")
        if not value:
            raise self.refuse(name, "must not be empty", "invalid_value")
        if len(value) > most:
            raise self.refuse(name, f"must not hold more than {most}", "invalid_value")
        for at, item in enumerate(value):
            yield self._item(name, at, item)

    def _item(self, name: str, at: int, item: object) -> "Members":
        if not isinstance(item, dict):
            raise self.refuse(f"{name}[{at}]", "must be an object", "invalid_type")
        return Members(item, self.place_of(f"{name}[{at}]"))
