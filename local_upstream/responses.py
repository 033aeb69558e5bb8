"""The Responses API's objects and event stream, as the API reference specifies them.

See: https://platform.openai.com/docs/api-reference/responses-streaming
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from local_upstream.asking import Json
from local_upstream.echo import count_tokens
from local_upstream.identity import Identity, fresh
from local_upstream.items import Event as Event  # bench measures with it
from local_upstream.items import FunctionCall, Message
from local_upstream.sending import STREAM_ERROR, named_frame
from local_upstream.tools import Call

DEFAULTS: Json = {
    "instructions": None,
    "max_output_tokens": None,
    "max_tool_calls": None,
    "metadata": {},
    "parallel_tool_calls": True,
    "previous_response_id": None,
    "reasoning": {"effort": None, "summary": None},
    "store": True,
    "temperature": 1.0,
    "text": {"format": {"type": "text"}, "verbosity": "medium"},
    "tool_choice": "auto",
    "tools": [],
    "top_logprobs": 0,
    "top_p": 1.0,
    "truncation": "disabled",
    "user": None,
}
"""What a response says of its request, where the request has not said it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One model's answer: its words, in the pieces in which they are streamed."""

    model: str
    prompt: str
    deltas: Sequence[str]
    call: Call | None = None
    asked: Mapping[str, object] = field(default_factory=dict)
    identity: Identity = field(default_factory=fresh)
    created_at: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "created_at", self.identity.now())

    @property
    def response_id(self) -> str:
        """The id under which the response is stored."""
        return self.identity.new_id("resp")

    @property
    def output(self) -> Message | FunctionCall:
        """The one item that is put out."""
        if self.call is None:
            return Message(self.identity.new_id("msg"), self.deltas)
        ids = self.identity.new_id("fc"), self.identity.new_id("call")
        return FunctionCall(*ids, self.call.name, self.call.deltas)

    def usage(self) -> Event:
        """Count the tokens of prompt and answer."""
        asked, answered = count_tokens(self.prompt), len(self.output.deltas)
        return {
            "input_tokens": asked,
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens": answered,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": asked + answered,
        }

    def response(self, status: str) -> Event:
        """Return the response object: in progress, completed or failed."""
        done = status == "completed"
        said = {name: self.asked.get(name, DEFAULTS[name]) for name in DEFAULTS}
        return {
            "id": self.response_id,
            "object": "response",
            "created_at": self.created_at,
            "status": status,
            "background": False,
            "completed_at": self.identity.now() if done else None,
            "error": _error() if status == "failed" else None,
            "incomplete_details": None,
            "model": self.model,
            "output": [self.output.item("completed")] if done else [],
            "service_tier": "default" if done else "auto",
            "usage": self.usage() if done else None,
            **said,
        }


def stream(answer: Answer) -> Iterator[Event]:
    """Yield the events of an answer in order, numbered from 0."""
    for number, event in enumerate(_events(answer)):
        yield {**event, "sequence_number": number}


def failure(answer: Answer) -> Event:
    """Return the event that ends a stream which failed half way through."""
    number = len(list(stream(answer))) // 2
    return {
        **_of_response("response.failed", answer, "failed"),
        "sequence_number": number,
    }


def encode(event: Event) -> bytes:
    """Encode one event as the API does: its type, then its JSON."""
    return named_frame(event).data


def _events(answer: Answer) -> Iterator[Event]:
    yield _of_response("response.created", answer, "in_progress")
    yield _of_response("response.in_progress", answer, "in_progress")
    yield _of_item("response.output_item.added", answer, "in_progress")
    yield from answer.output.events()
    yield _of_item("response.output_item.done", answer, "completed")
    yield _of_response("response.completed", answer, "completed")


def _of_response(type: str, answer: Answer, status: str) -> Event:
    return {"type": type, "response": answer.response(status)}


def _of_item(type: str, answer: Answer, status: str) -> Event:
    return {"type": type, "output_index": 0, "item": answer.output.item(status)}


def _error() -> Event:
    return {"code": "server_error", "message": STREAM_ERROR["message"]}
