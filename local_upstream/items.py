"""What a response puts out: a message or a function call, and the events of each.

See: https://platform.openai.com/docs/api-reference/responses-streaming
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """An answer in words."""

    id: str
    deltas: Sequence[str]

    @property
    def text(self) -> str:
        """The whole answer."""
        return "".join(self.deltas)

    def part(self, text: str) -> Event:
        """Return the message's one content part."""
        return {"type": "output_text", "annotations": [], "logprobs": [], "text": text}

    def item(self, status: str) -> Event:
        """Return the output item."""
        return {
            "id": self.id,
            "type": "message",
            "status": status,
            "content": [self.part(self.text)] if status == "completed" else [],
            "role": "assistant",
        }

    def events(self) -> Iterator[Event]:
        """Yield the events between those that open and close the item."""
        place = {"item_id": self.id, "output_index": 0, "content_index": 0}
        yield {"type": "response.content_part.added", **place, "part": self.part("")}
        for delta in self.deltas:
            yield {
                "type": "response.output_text.delta",
                **place,
                "delta": delta,
                "logprobs": [],
            }
        yield {
            "type": "response.output_text.done",
            **place,
            "text": self.text,
            "logprobs": [],
        }
        whole = self.part(self.text)
        yield {"type": "response.content_part.done", **place, "part": whole}


@dataclass(frozen=True, slots=True)
class FunctionCall:
    """A wish to have a function called."""

    id: str
    call_id: str
    name: str
    deltas: Sequence[str]

    @property
    def arguments(self) -> str:
        """The whole arguments, JSON in a string."""
        return "".join(self.deltas)

    def item(self, status: str) -> Event:
        """Return the output item."""
        return {
            "id": self.id,
            "type": "function_call",
            "status": status,
            "arguments": self.arguments if status == "completed" else "",
            "call_id": self.call_id,
            "name": self.name,
        }

    def events(self) -> Iterator[Event]:
        """Yield the events between those that open and close the item."""
        place = {"item_id": self.id, "output_index": 0}
        kind = "response.function_call_arguments"
        for delta in self.deltas:
            yield {"type": f"{kind}.delta", **place, "delta": delta}
        yield {
            "type": f"{kind}.done",
            **place,
            "name": self.name,
            "arguments": self.arguments,
        }
