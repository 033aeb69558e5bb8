"""Function calls: made when a request forces one, never of our own accord."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from local_upstream.asking import Json, wrong
from local_upstream.echo import words
from local_upstream.examples import example


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a function; its arguments fit the function's schema."""

    name: str
    arguments: str

    @property
    def deltas(self) -> list[str]:
        """The arguments in the pieces in which they are streamed."""
        return words(self.arguments)


def forced_call(asked: Json, text: str) -> Call | None:
    """Return the call that `tool_choice` asks for. Raises `ApiError`."""
    functions = [_function(tool) for tool in asked.get("tools") or ()]
    choice = asked.get("tool_choice", "auto")
    if choice in ("auto", "none") or not functions:
        return None
    function = functions[0] if choice == "required" else _named(functions, choice)
    schema = function.get("parameters") or {"type": "object"}
    return Call(str(function["name"]), example(schema, text))


def _function(tool: Any) -> Json:
    """Return what a tool says of its function, which Chat Completions nests."""
    function = tool.get("function", tool) if isinstance(tool, dict) else {}
    if tool.get("type") != "function" or not isinstance(function.get("name"), str):
        raise wrong("tools", "functions, each with a name")
    return dict(function)


def _named(functions: Sequence[Json], choice: Any) -> Json:
    named = choice.get("function", choice) if isinstance(choice, dict) else {}
    for function in functions:
        if function["name"] == named.get("name"):
            return function
    raise wrong("tool_choice", "auto, none, required, or one of the functions")
