"""What the echo says: the prompt, as an event stream of OpenAI's Responses API."""

import json
import re
from collections.abc import Iterator

HEADERS = [("content-type", b"text/event-stream"), ("cache-control", b"no-store")]
NOT_SERVED = json.dumps(
    {
        "error": {
            "message": "The echo takes prompts and serves no other route.",
            "type": "invalid_request_error",
            "param": None,
            "code": "not_found",
        }
    }
).encode()
_WORD = re.compile(r"\S+\s*|\s+")


def events(prompt: str) -> Iterator[bytes]:
    """Yield one delta for each word, which together are the prompt, and the end."""
    for word in _WORD.finditer(prompt):
        yield _event("response.output_text.delta", delta=word[0])
    yield _event("response.completed")


def _event(type: str, **members: str) -> bytes:
    data = json.dumps({"type": type, **members}, ensure_ascii=False)
    return f"event: {type}\ndata: {data}\n\n".encode()
