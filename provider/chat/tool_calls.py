"""Tool calls, put together from the fragments in which they are streamed."""

import json
from dataclasses import dataclass, field
from typing import Any

from provider.chat.deltas import ToolCall
from wire.sse import EVENT_LIMIT

CALLS_LIMIT = 128
"""Calls in one reply: as many as an API takes tools."""
NAME_LIMIT = 1_024
"""Characters of a function's name: APIs take 64."""


class ToolCallsTooLarge(Exception):
    """Report too many calls, too long a name, or `EVENT_LIMIT` characters in all."""


@dataclass(slots=True)
class _Call:
    index: object
    id: str = ""
    name: str = ""
    arguments: list[str] = field(default_factory=list)


class ToolCalls:
    """The calls of one reply that are not whole yet."""

    def __init__(self) -> None:
        self._calls: list[_Call] = []
        self._size = 0
        self._taken = 0

    def add(self, fragment: dict[str, Any]) -> None:
        """Add a fragment to the call that it belongs to. Raises `ToolCallsTooLarge`."""
        id, name, arguments = _read(fragment)
        call = self._find(fragment.get("index"), id, name)
        call.id = call.id or id
        # Some servers repeat the name in every fragment.
        call.name += name if name != call.name else ""
        call.arguments.append(arguments)
        self._size += 1 + len(id) + len(name) + len(arguments)
        self._check(call)

    def _check(self, call: _Call) -> None:
        if len(self._calls) > CALLS_LIMIT:
            raise ToolCallsTooLarge(f"more than {CALLS_LIMIT} tool calls in one reply")
        if len(call.name) > NAME_LIMIT:
            raise ToolCallsTooLarge(
                f"a tool call whose name has more than {NAME_LIMIT} characters"
            )
        if self._size > EVENT_LIMIT:
            raise ToolCallsTooLarge(f"tool calls of more than {EVENT_LIMIT} characters")

    def take(self) -> list[ToolCall]:
        """Return the calls, which are whole now, and forget them."""
        taken = [
            ToolCall(number, call.id, call.name, "".join(call.arguments))
            for number, call in enumerate(self._calls, self._taken)
        ]
        self._taken += len(taken)
        self._calls = []
        return taken

    def _find(self, index: object, id: str, name: str) -> _Call:
        """Return the call that a fragment continues, or a new one.

        Servers that send each call whole give all of them the same index, or none.
        """
        alike = [call for call in self._calls if index in (None, call.index)]
        for call in reversed(alike):
            if id == call.id if id else (index is not None or not name):
                return call
        if id and index is not None and alike and not alike[-1].id:
            return alike[-1]
        self._calls.append(_Call(index))
        return self._calls[-1]


def _read(fragment: dict[str, Any]) -> tuple[str, str, str]:
    """Return id, name and arguments of a function's call, or a custom tool's."""
    called = fragment.get("function") or fragment.get("custom")
    called = called if isinstance(called, dict) else {}
    arguments = called.get("arguments") or called.get("input")
    if isinstance(arguments, dict):
        arguments = json.dumps(arguments, ensure_ascii=False, separators=(",", ":"))
    return _text(fragment.get("id")), _text(called.get("name")), _text(arguments)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
