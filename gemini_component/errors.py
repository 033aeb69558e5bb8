"""Gemini's errors, made those of OpenAI before anything else sees them.

    {"error": {"code": 429, "message": "...", "status": "RESOURCE_EXHAUSTED",
               "details": [{"@type": ".../google.rpc.RetryInfo", "retryDelay": "17s"}]}}

Its OpenAI-compatible endpoint wraps the same object in an array.
See: https://cloud.google.com/apis/design/errors#error_model
"""

import math
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from provider.upstream_replies import read_error_body
from wire.bodies import WholeBody
from wire.errors import error_body
from wire.headers import without
from wire.ports import Clock, Headers, Upstream, UpstreamRequest, UpstreamResponse
from wire.shallow_json import parse_shallow

# See: https://cloud.google.com/apis/design/errors#error_info
_KEY_REASON = "API_KEY_INVALID"
_RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo"
# See: https://protobuf.dev/reference/protobuf/google.protobuf/#duration
_DURATION = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)s")


class OpenAiErrors:
    """`Upstream` whose errors have OpenAI's shape, and say in headers when to retry."""

    def __init__(self, upstream: Upstream, clock: Clock) -> None:
        self._upstream = upstream
        self._clock = clock

    async def send(self, request: UpstreamRequest) -> UpstreamResponse:
        """Send the request; read the reply's body if it is an error."""
        response = await self._upstream.send(request)
        if not 400 <= response.status <= 599:
            return response
        return as_openai(response, await read_error_body(response, self._clock))


def as_openai(response: UpstreamResponse, body: bytes) -> UpstreamResponse:
    """Return the response with its error in OpenAI's shape; another stays as it is.

    A key that Gemini does not know is a 400 to it, and 401 to everybody else.
    """
    error = _parse(body)
    if error is None:
        return replace(response, body=WholeBody(body))
    translated = error_body(
        error["message"],
        type="server_error" if response.status >= 500 else "invalid_request_error",
        code=_text(error.get("status")),
        param=None,
    )
    asked = _retry_after(error)
    # Twice the same header, with two values, would tell a client nothing.
    kept = without(response.headers, *(name for name, _ in asked))
    return replace(
        response,
        status=401 if _is_about_the_key(error) else response.status,
        headers=(*kept, *asked),
        body=WholeBody(translated),
    )


def _is_about_the_key(error: dict[str, Any]) -> bool:
    details = error.get("details")
    return isinstance(details, list) and any(
        isinstance(detail, dict) and detail.get("reason") == _KEY_REASON
        for detail in details
    )


def _parse(body: bytes) -> dict[str, Any] | None:
    try:
        parsed = parse_shallow(body)
    except ValueError:
        return None
    match parsed:
        case {"error": {"message": str()} as error}:
            return dict(error)
        case [{"error": {"message": str()} as error}, *_]:
            return dict(error)
    return None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _retry_after(error: dict[str, Any]) -> Headers:
    for delay in _retry_delays(error.get("details")):
        milliseconds = str(math.ceil(delay * 1000)).encode()
        seconds = str(math.ceil(delay)).encode()
        return (("retry-after-ms", milliseconds), ("retry-after", seconds))
    return ()


def _retry_delays(details: object) -> Iterator[float]:
    """Yield the delays that an error asks for, in seconds."""
    for detail in details if isinstance(details, list) else ():
        match detail:
            case {"@type": type, "retryDelay": str() as delay} if type == _RETRY_INFO:
                if duration := _DURATION.fullmatch(delay):
                    yield float(duration[1])
