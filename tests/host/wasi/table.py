"""The resource table: every object that a component holds a handle of."""

from collections.abc import Iterator
from typing import TypeVar

T = TypeVar("T", bound="Resource")


class Resource:
    """One object behind a handle. A child is to be dropped before its parent."""

    def __init__(self, parent: "Resource | None" = None) -> None:
        self.parent = parent
        self.children = 0
        self.outlives_calls = False

    def dropped(self) -> None:
        """Take note that the component has dropped its handle."""


class Table:
    """All handles of one store, by their number."""

    def __init__(self) -> None:
        self._rows: dict[int, Resource] = {}
        self._next = 1

    def push(self, resource: Resource) -> int:
        number, self._next = self._next, self._next + 1
        self._rows[number] = resource
        if resource.parent:
            resource.parent.children += 1
        return number

    def get(self, number: int) -> Resource:
        return self._rows[number]

    def take(self, number: int) -> Resource:
        """Remove a row: the handle was given back, or is about to be dropped."""
        resource = self._rows[number]
        # Real hosts trap here, too.
        assert not resource.children, f"{type(resource).__name__} still has children"
        if resource.parent:
            resource.parent.children -= 1
        return self._rows.pop(number)

    def drop(self, number: int) -> None:
        self.take(number).dropped()

    def leaks(self) -> list[str]:
        """Return what a call has left behind; stdio streams last as long as libc."""
        return [type(row).__name__ for row in self if not row.outlives_calls]

    def __iter__(self) -> Iterator[Resource]:
        return iter(self._rows.values())
