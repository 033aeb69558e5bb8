"""Gemini's own API: `POST /v1beta/models/MODEL:generateContent`, and as a stream.

See: https://ai.google.dev/api/generate-content
"""

import json
from collections.abc import Iterator
from typing import Any

from aiohttp import web

from local_upstream.asking import Json
from local_upstream.gemini_asking import answer_parts, prompt_of, read_request
from local_upstream.gemini_errors import STREAM_FAILURE, is_events
from local_upstream.gemini_reply import Reply
from local_upstream.observing import IDENTITY
from local_upstream.scripts import Script, follow
from local_upstream.sending import Frame, send_frames, send_json

BASE = "/v1beta"
EVENT_STREAM = "text/event-stream"
JSON_ARRAY = "application/json; charset=UTF-8"


def event_frame(value: Any, *, is_delta: bool = False) -> Frame:
    """Encode an event as Google does: without a name, its lines ended by CRLF."""
    return Frame(f"data: {_compact(value)}\r\n\r\n".encode(), is_delta)


def array_frames(values: Iterator[Json]) -> Iterator[Frame]:
    """Yield the pieces of one JSON array, which is what is streamed without `alt`."""
    yield Frame(b"[")
    written = [_compact(value) for value in values]
    for text in written[:-1]:
        yield Frame(f"{text},\r\n".encode(), is_delta=True)
    yield Frame(written[-1].encode(), is_delta=True)
    yield Frame(b"\n]")


async def generate(request: web.Request) -> web.StreamResponse:
    """Answer with an echo of what was said last."""
    reply, script = await _reply(request)
    return await send_json(request, reply.whole(), script)


async def stream(request: web.Request) -> web.StreamResponse:
    """Answer so with a stream, which has no mark at its end."""
    reply, script = await _reply(request)
    if is_events(request):
        frames = (event_frame(value, is_delta=True) for value in reply.frames())
        failure = event_frame(STREAM_FAILURE)
        return await send_frames(request, frames, EVENT_STREAM, script, failure)
    pieces = array_frames(reply.frames())
    failure = Frame(f"{_compact(STREAM_FAILURE)}\n]".encode())
    return await send_frames(request, pieces, JSON_ARRAY, script, failure)


ROUTES = [
    web.post(f"{BASE}/models/{{model:[^/:]+}}:generateContent", generate),
    web.post(f"{BASE}/models/{{model:[^/:]+}}:streamGenerateContent", stream),
]


async def _reply(request: web.Request) -> tuple[Reply, Script]:
    model = request.match_info["model"]
    asked = await read_request(request)
    script = await follow(request, model)
    parts = answer_parts(asked, script)
    identity = request[IDENTITY]
    return Reply(model, prompt_of(asked), parts, script.ending, identity), script


def _compact(value: Any) -> str:
    """Encode JSON as Google does in streams."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ": "))
