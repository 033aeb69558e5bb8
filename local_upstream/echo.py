"""The answers: there is no model here, only an echo of what was asked."""

import re
from collections.abc import Sequence
from typing import Any

PREFIX = "No model here, only an echo: "


def echo(prompt: str) -> list[str]:
    """Answer with the prompt itself, in the pieces in which it is streamed."""
    return words(PREFIX + prompt)


def words(text: str) -> list[str]:
    """Split a text after each word, so that the pieces make up the whole."""
    return re.findall(r"\S+\s*|\s+", text)


def count_tokens(text: str) -> int:
    """Count tokens as this stand-in does: four characters each."""
    return -(-len(text) // 4)


def last_text(asked: str | Sequence[Any]) -> str:
    """Return what was said last, in an `input` or in `messages`."""
    if isinstance(asked, str):
        return asked
    last = asked[-1] if asked else {}
    if not isinstance(last, dict):
        return ""
    return text_of(last.get("content", last.get("output", "")))


def text_of(content: Any) -> str:
    """Return the text of a message's content: itself, or that of its parts."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    return "".join(_part_text(part) for part in parts)


def _part_text(part: Any) -> str:
    if not isinstance(part, dict):
        return ""
    if isinstance(part.get("text"), str):
        return str(part["text"])
    return f"[{part.get('type')}]"
