"""`POST /v1/audio/transcriptions`, `translations` and `speech`.

What was uploaded is not heard: the text says how large it is, and its digest. What is
spoken is a tone for each character.
See: https://platform.openai.com/docs/api-reference/audio
"""

import base64
from collections.abc import Iterator
from hashlib import sha256

from aiohttp import web

from local_upstream.asking import Form, Json, read_form, read_json, wrong
from local_upstream.echo import count_tokens, words
from local_upstream.scripts import follow
from local_upstream.sending import (
    Frame,
    data_frame,
    send_bytes,
    send_events,
    send_json,
)
from local_upstream.tones import pcm, wav

PIECE = 24_000
"""Bytes of sound in an event: half a second."""


def transcript(file: bytes) -> str:
    """Return what stands for the words of an upload."""
    digest = sha256(file).hexdigest()
    return f"No model here, only the upload's size, {len(file)}, and digest: {digest}"


def token_usage(file: bytes) -> Json:
    """Return the usage of a transcription."""
    asked, answered = count_tokens(transcript(file)), len(words(transcript(file)))
    return {
        "type": "tokens",
        "input_tokens": asked,
        "input_token_details": {"text_tokens": 0, "audio_tokens": asked},
        "output_tokens": answered,
        "total_tokens": asked + answered,
    }


def verbose(file: bytes) -> Json:
    """Return the longer form of a transcription or translation."""
    return {
        "language": "english",
        "duration": 1.0,
        "text": transcript(file),
        "segments": [],
    }


def transcript_events(file: bytes) -> Iterator[Json]:
    """Yield the events of a streamed transcription."""
    for delta in words(transcript(file)):
        yield {"type": "transcript.text.delta", "delta": delta}
    text, usage = transcript(file), token_usage(file)
    yield {"type": "transcript.text.done", "text": text, "usage": usage}


def speech_events(sound: bytes) -> Iterator[Json]:
    """Yield the events of streamed speech."""
    for start in range(0, len(sound), PIECE):
        encoded = base64.b64encode(sound[start : start + PIECE]).decode()
        yield {"type": "speech.audio.delta", "audio": encoded}
    counts = {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}
    yield {"type": "speech.audio.done", "usage": counts}


async def transcriptions(request: web.Request) -> web.StreamResponse:
    """Answer an upload with what stands for its words."""
    form = await read_form(request)
    if form.is_streamed():
        script = await follow(request, form.model())
        frames = map(_frame, transcript_events(form.file("file")[0]))
        return await send_events(request, frames, script)
    return await _answer(request, form)


async def translations(request: web.Request) -> web.StreamResponse:
    """Answer an upload in English, as everything here is."""
    return await _answer(request, await read_form(request))


async def speech(request: web.Request) -> web.StreamResponse:
    """Answer with sound: there is no encoder here, so it is WAV or plain PCM."""
    asked = await read_json(request, input=str, voice=(str, dict))
    script = await follow(request, asked["model"])
    if asked.get("stream_format") == "sse":
        frames = map(_frame, speech_events(pcm(asked["input"])))
        return await send_events(request, frames, script)
    if asked.get("response_format") == "pcm":
        return await send_bytes(request, pcm(asked["input"]), "audio/pcm", script)
    return await send_bytes(request, wav(asked["input"]), "audio/wav", script)


ROUTES = [
    web.post("/v1/audio/transcriptions", transcriptions),
    web.post("/v1/audio/translations", translations),
    web.post("/v1/audio/speech", speech),
]


async def _answer(request: web.Request, form: Form) -> web.StreamResponse:
    file = form.file("file")[0]
    script = await follow(request, form.model())
    match form.fields.get("response_format", "json"):
        case "json":
            return await send_json(request, {"text": transcript(file)}, script)
        case "verbose_json":
            return await send_json(request, verbose(file), script)
        case "text":
            text = f"{transcript(file)}\n".encode()
            return await send_bytes(request, text, "text/plain; charset=utf-8", script)
    raise wrong("response_format", "json, verbose_json or text")


def _frame(event: Json) -> Frame:
    return data_frame(event, is_delta=event["type"].endswith(".delta"))
