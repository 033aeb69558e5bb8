"""Message content as plain strings, for upstreams that take no arrays of parts.

The texts of an array are joined with a line break, as vLLM does for models whose
templates take strings. Other members of a text part, such as `cache_control`, are lost.
See: https://github.com/vllm-project/vllm/blob/main/vllm/entrypoints/chat_utils.py
"""

import json
from collections.abc import Iterator

from provider.json_requests import too_many_values
from provider.json_spans import (
    Edit,
    Span,
    encode_value,
    items,
    members,
    open_text,
    splice,
)
from wire.errors import InvalidRequest
from wire.shallow_json import DEPTH_LIMIT, TooManyValues

SEPARATOR = "\n"


def as_strings(body: bytes) -> bytes:
    """Replace the content arrays of a chat completions request with strings.

    All else keeps its bytes, and a body without such an array is returned as it is; so
    is one that is no such request, as the upstream will say what is wrong with it.

    Raises `InvalidRequest` for parts that are no text, and for a body that is nested
    too deep, or too full, to be looked into.
    """
    try:
        text, whole = open_text(body)
    except (json.JSONDecodeError, UnicodeDecodeError):
        return body
    except TooManyValues:
        raise too_many_values() from None
    except ValueError as error:
        raise _too_deep() from error
    edits = list(_edits(text, whole))
    return splice(text, edits) if edits else body


def _edits(text: str, whole: Span) -> Iterator[Edit]:
    for message, index in _messages(text, whole):
        for name, content in members(text, message):
            if name == "content" and isinstance(content.value, list):
                path = f"messages[{index}].content"
                joined = SEPARATOR.join(_read_texts(content.value, path))
                yield content.start, content.end, encode_value(joined)


def _messages(text: str, whole: Span) -> Iterator[tuple[Span, int]]:
    if not isinstance(whole.value, dict):
        return
    for name, messages in members(text, whole):
        if name == "messages" and isinstance(messages.value, list):
            for index, message in enumerate(items(text, messages)):
                if isinstance(message.value, dict):
                    yield message, index


def _read_texts(parts: list[object], path: str) -> Iterator[str]:
    """Yield the parts' texts. Raises `InvalidRequest` for the first that has none."""
    for index, part in enumerate(parts):
        match part:
            case {"type": "text", "text": str(text)}:
                yield text
            case _:
                raise _no_text(f"{path}[{index}]")


def _no_text(path: str) -> InvalidRequest:
    return InvalidRequest(
        "This upstream takes text alone: each part of a message's content has to be "
        'of the form {"type": "text", "text": "..."}; leave images, audio and files '
        "out.",
        code="unsupported_content",
        param=path,
    )


def _too_deep() -> InvalidRequest:
    return InvalidRequest(
        f"The request is nested deeper than {DEPTH_LIMIT} levels, or has a number of "
        "thousands of digits; it cannot be rewritten for this upstream, which takes "
        "message content as strings alone.",
        code="nested_too_deep",
    )
