"""The Responses API's objects and event stream, as the API reference specifies them.

See: https://platform.openai.com/docs/api-reference/responses-streaming
"""

import json
import secrets
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

Event = dict[str, Any]


def _new_id(prefix: str) -> str:
    return f"{prefix}_{secrets.token_hex(24)}"


def _now() -> int:
    return int(time.time())


@dataclass(frozen=True, slots=True)
class Answer:
    """One model's answer: its words, in the pieces in which they are streamed."""

    model: str
    prompt: str
    deltas: Sequence[str]
    response_id: str = field(default_factory=lambda: _new_id("resp"))
    item_id: str = field(default_factory=lambda: _new_id("msg"))
    created_at: int = field(default_factory=_now)

    @property
    def text(self) -> str:
        """The whole answer."""
        return "".join(self.deltas)

    def part(self, text: str) -> Event:
        """Return the answer's one content part."""
        return {"type": "output_text", "annotations": [], "logprobs": [], "text": text}

    def item(self, status: str) -> Event:
        """Return the answer's one output item."""
        content = [self.part(self.text)] if status == "completed" else []
        return {
            "id": self.item_id,
            "type": "message",
            "status": status,
            "content": content,
            "role": "assistant",
        }

    def usage(self) -> Event:
        """Count tokens as this stand-in does: four characters each for the prompt."""
        asked, answered = -(-len(self.prompt) // 4), len(self.deltas)
        return {
            "input_tokens": asked,
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens": answered,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": asked + answered,
        }

    def response(self, status: str) -> Event:
        """Return the response object, in progress or completed."""
        done = status == "completed"
        return {
            "id": self.response_id,
            "object": "response",
            "created_at": self.created_at,
            "status": status,
            "background": False,
            "completed_at": _now() if done else None,
            "error": None,
            "incomplete_details": None,
            "instructions": None,
            "max_output_tokens": None,
            "max_tool_calls": None,
            "model": self.model,
            "output": [self.item("completed")] if done else [],
            "parallel_tool_calls": True,
            "previous_response_id": None,
            "reasoning": {"effort": None, "summary": None},
            "service_tier": "default" if done else "auto",
            "store": True,
            "temperature": 1.0,
            "text": {"format": {"type": "text"}, "verbosity": "medium"},
            "tool_choice": "auto",
            "tools": [],
            "top_logprobs": 0,
            "top_p": 1.0,
            "truncation": "disabled",
            "usage": self.usage() if done else None,
            "user": None,
            "metadata": {},
        }


def stream(answer: Answer) -> Iterator[Event]:
    """Yield the events of a text run in order, numbered from 0."""
    for number, event in enumerate(_events(answer)):
        yield {**event, "sequence_number": number}


def encode(event: Event) -> bytes:
    """Encode one event as the API does: its type, then its JSON."""
    data = json.dumps(event, ensure_ascii=False, separators=(",", ":"))
    return f"event: {event['type']}\ndata: {data}\n\n".encode()


def _events(answer: Answer) -> Iterator[Event]:
    part = {"item_id": answer.item_id, "output_index": 0, "content_index": 0}
    yield _of_response("response.created", answer, "in_progress")
    yield _of_response("response.in_progress", answer, "in_progress")
    yield _of_item("response.output_item.added", answer, "in_progress")
    yield {"type": "response.content_part.added", **part, "part": answer.part("")}
    for delta in answer.deltas:
        yield {
            "type": "response.output_text.delta",
            **part,
            "delta": delta,
            "logprobs": [],
        }
    yield {
        "type": "response.output_text.done",
        **part,
        "text": answer.text,
        "logprobs": [],
    }
    whole = answer.part(answer.text)
    yield {"type": "response.content_part.done", **part, "part": whole}
    yield _of_item("response.output_item.done", answer, "completed")
    yield _of_response("response.completed", answer, "completed")


def _of_response(type: str, answer: Answer, status: str) -> Event:
    return {"type": type, "response": answer.response(status)}


def _of_item(type: str, answer: Answer, status: str) -> Event:
    return {"type": type, "output_index": 0, "item": answer.item(status)}
