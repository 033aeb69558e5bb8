"""Replies: whole or streamed, at the server's pace, and broken where that is asked."""

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from aiohttp import web

from local_upstream.scripts import Script

PACE = web.AppKey("pace", float)
"""Seconds between two deltas."""
EVENT_STREAM = "text/event-stream; charset=utf-8"
PIECE = 16_384


class Frame(NamedTuple):
    """What is written at once."""

    data: bytes
    is_delta: bool = False


def compact(value: Any) -> str:
    """Encode JSON as the API does in streams."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def data_frame(value: Any, *, is_delta: bool = False) -> Frame:
    """Encode an event that has no name."""
    return Frame(f"data: {compact(value)}\n\n".encode(), is_delta)


def named_frame(event: Mapping[str, Any]) -> Frame:
    """Encode an event whose type is its name as well."""
    data = f"event: {event['type']}\ndata: {compact(event)}\n\n".encode()
    return Frame(data, is_delta=event["type"].endswith(".delta"))


DONE = Frame(b"data: [DONE]\n\n")
STREAM_ERROR = {
    "message": "This model always fails in the middle of a stream.",
    "type": "server_error",
    "param": None,
    "code": "server_error",
}


async def send_json(
    request: web.Request, value: Any, script: Script
) -> web.StreamResponse:
    """Send a whole object, indented as the API does it."""
    body = json.dumps(value, ensure_ascii=False, indent=2).encode()
    if script.is_plain:
        return web.Response(body=body, content_type="application/json")
    headers = {"content-type": "application/json", "content-length": str(len(body))}
    return await _send(request, [Frame(body)], headers, script)


async def send_events(
    request: web.Request,
    frames: Iterable[Frame],
    script: Script,
    failure: Frame | None = None,
) -> web.StreamResponse:
    """Send an event stream; `failure` is the event that tells of an error."""
    failure = failure or data_frame({"error": STREAM_ERROR})
    return await send_frames(request, frames, EVENT_STREAM, script, failure)


async def send_frames(
    request: web.Request,
    frames: Iterable[Frame],
    content_type: str,
    script: Script,
    failure: Frame,
) -> web.StreamResponse:
    """Send a stream of any type; `failure` takes the place of its second half."""
    frames = list(frames)
    if script.fails:
        frames = [*frames[: len(frames) // 2], failure]
    return await _send(request, frames, {"content-type": content_type}, script)


async def send_bytes(
    request: web.Request, data: bytes, content_type: str, script: Script
) -> web.StreamResponse:
    """Send a file in chunks, without saying how long it is."""
    pieces = [Frame(data[n : n + PIECE]) for n in range(0, len(data), PIECE)]
    return await _send(request, pieces, {"content-type": content_type}, script)


async def _send(
    request: web.Request,
    frames: Sequence[Frame],
    headers: dict[str, str],
    script: Script,
) -> web.StreamResponse:
    reply = web.StreamResponse(headers=headers)
    await reply.prepare(request)
    # The client may go away, and a script may have us close: nothing to tell.
    with suppress(ConnectionResetError):
        first, second = _halves(frames)
        await _write(reply, first, request.app[PACE])
        await asyncio.sleep(script.stall_seconds)
        if script.is_cut:
            _cut(request)
        await _write(reply, second, request.app[PACE])
        await reply.write_eof()
    return reply


def _halves(frames: Sequence[Frame]) -> tuple[Sequence[Frame], Sequence[Frame]]:
    if len(frames) > 1:
        return frames[: len(frames) // 2], frames[len(frames) // 2 :]
    data = b"".join(frame.data for frame in frames)
    half = len(data) // 2
    return [Frame(data[:half])], [Frame(data[half:])]


async def _write(
    reply: web.StreamResponse, frames: Sequence[Frame], pace: float
) -> None:
    for frame in frames:
        await reply.write(frame.data)
        if frame.is_delta:
            await asyncio.sleep(pace)


def _cut(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.close()
    raise ConnectionResetError
