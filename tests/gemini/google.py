"""Gemini's side of the wire: where it is asked, and what it says.

What carries text carries the marks by which `scripts.check_logs` knows a leak.
"""

import json
from typing import Any

from tests.e2e import replies
from tests.e2e.marked import REPLY
from tests.e2e.upstream import Script, Upstream
from tests.fixtures.gemini.generate import HERE, encode, text

MODEL = "gemini-2.5-flash"
BASE = "/v1beta"
TARGET = f"{BASE}/models/{MODEL}:streamGenerateContent?alt=sse"
FIXTURES = sorted(HERE.glob("*.sse"))
FRAMES = [encode([frame]) for frame in text(REPLY, " and more", "!")]
"""A stream, one frame a piece."""
WORDS = {
    400: "INVALID_ARGUMENT",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}
"""Google's own, of each status."""
HELP = {"@type": "type.googleapis.com/google.rpc.Help", "links": []}
RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo"


def origin(upstream: Upstream) -> str:
    """Return the scheme and the host of an upstream."""
    return f"http://127.0.0.1:{upstream.port}"


def base_url(upstream: Upstream) -> str:
    """Return what GEMINI_BASE_URL is to be."""
    return origin(upstream) + BASE


def error(
    status: int, message: str = REPLY, *, delay: str = "", in_array: bool = False
) -> bytes:
    """Encode an error as Google does; `delay`, as in "17s", is when to ask again."""
    told: dict[str, Any] = {"code": status, "message": message, "status": WORDS[status]}
    if delay:
        told["details"] = [HELP, {"@type": RETRY_INFO, "retryDelay": delay}]
    body = {"error": told}
    return json.dumps([body] if in_array else body, indent=2).encode()


def refuse(status: int, message: str = REPLY, **how: Any) -> Script:
    """Answer with such an error."""
    headers = {"content-type": "application/json; charset=UTF-8"}
    return replies.answer(status, error(status, message, **how), headers)
