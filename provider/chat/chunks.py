"""The chunks of a chat or a completion, and what they say.

Some servers send a `message`, as in a whole reply, in the place of a `delta`. Members
that are missing, null, or of a type that makes no sense count as not there: servers
differ in everything but the text.
See: https://platform.openai.com/docs/api-reference/chat/streaming
"""

from collections.abc import Iterator
from typing import Any

from provider.chat.deltas import Token, Usage
from provider.chat.strict_json import Json


def choice_of(chunk: Json, number: object = None) -> Json:
    """Return the choice of this number; {} if there is none.

    Without a number it is number 0, or else the first one: only one is asked for, and
    servers exist that count from 1. Azure's first chunk has none, and neither has one
    that brings the usage.
    """
    choices = _objects(chunk.get("choices"))
    wanted = 0 if number is None else number
    found = [choice for choice in choices if choice.get("index") in (None, wanted)]
    if not found and number is None:
        found = choices
    return found[0] if found else {}


def tokens_of(choice: Json) -> Iterator[Token]:
    """Yield the choice's text, and its refusal."""
    said = _said(choice)
    for text in (said.get("content"), choice.get("text")):
        if joined := _joined(text):
            yield Token(joined)
    if refusal := _joined(said.get("refusal")):
        yield Token(refusal, is_refusal=True)


def call_fragments(choice: Json) -> list[Json]:
    """Return what the choice holds of tool calls."""
    return _objects(_said(choice).get("tool_calls"))


def finish_reason_of(choice: Json) -> str | None:
    """Return why the choice ended, None if it has not."""
    return text_of(choice, "finish_reason")


def text_of(fields: Json, name: str) -> str | None:
    """Return a member that is text and not empty."""
    value = fields.get(name)
    return value if isinstance(value, str) and value else None


def usage_of(chunk: Json) -> Usage | None:
    """Return the token counts that a chunk brings, under any of their names."""
    groq = _object(_object(chunk.get("x_groq")).get("usage"))
    said = _object(chunk.get("usage")) or groq
    if not said:
        return None  # As in all chunks but one: each costs every stream its time.
    usage = Usage(
        input_tokens=_count(said, "prompt_tokens", "input_tokens"),
        output_tokens=_count(said, "completion_tokens", "output_tokens"),
        total_tokens=_count(said, "total_tokens"),
        cached_tokens=_detail(said, "prompt", "input", "cached_tokens"),
        reasoning_tokens=_detail(said, "completion", "output", "reasoning_tokens"),
    )
    return usage if usage.known() else None


def as_chunk(whole: Json) -> Json:
    """Return a whole reply in the form of a chunk. Completions have it already."""
    if whole.get("object") == "text_completion":
        return whole
    choices = [
        {**choice, "delta": _as_delta(_object(choice.get("message")))}
        for choice in _objects(whole.get("choices"))
    ]
    for choice in choices:
        choice.pop("message", None)
    return {**whole, "object": "chat.completion.chunk", "choices": choices}


def _as_delta(message: Json) -> Json:
    if not message.get("tool_calls"):
        return message
    calls = enumerate(_objects(message["tool_calls"]))
    numbered = [{"index": number, **call} for number, call in calls]
    return {**message, "tool_calls": numbered}


def _said(choice: Json) -> Json:
    return _object(choice.get("delta")) or _object(choice.get("message"))


def _joined(content: object) -> str:
    """Return text that comes as a string, or as an array of parts."""
    if isinstance(content, str):
        return content
    return "".join(text_of(part, "text") or "" for part in _objects(content))


def _detail(said: Json, chat: str, responses: str, name: str) -> int | None:
    details = said.get(f"{chat}_tokens_details") or said.get(
        f"{responses}_tokens_details"
    )
    return _count(_object(details), name)


def _count(fields: Json, *names: str) -> int | None:
    counts = [fields[name] for name in names if type(fields.get(name)) is int]
    return counts[0] if counts else None


def _objects(value: Any) -> list[Json]:
    return list(map(_object, value)) if isinstance(value, list) else []


def _object(value: Any) -> Json:
    return value if isinstance(value, dict) else {}
