"""The local upstream's audio and images satisfy the document."""

import base64
import io
import json
import wave
from hashlib import sha256
from typing import Any

import pytest
from aiohttp import FormData

from tests.spec.local_server import send
from tests.spec.openapi import Json, errors, undeclared

SOUND = b"RIFF\x00\xff\r\n--sound"
EVENTS = {
    "transcript.text.delta": "TranscriptTextDeltaEvent",
    "transcript.text.done": "TranscriptTextDoneEvent",
    "speech.audio.delta": "SpeechAudioDeltaEvent",
    "speech.audio.done": "SpeechAudioDoneEvent",
    "image_generation.partial_image": "ImageGenPartialImageEvent",
    "image_generation.completed": "ImageGenCompletedEvent",
    "image_edit.partial_image": "ImageEditPartialImageEvent",
    "image_edit.completed": "ImageEditCompletedEvent",
}


def _form(files: dict[str, bytes], **fields: str) -> FormData:
    form = FormData()
    for name, value in fields.items():
        form.add_field(name, value)
    for name, data in files.items():
        form.add_field(name, data, filename="upload.bin")
    return form


def _object(schema: str, path: str, **options: Any) -> Json:
    status, content_type, body = send("POST", path, **options)
    assert (status, content_type) == (200, "application/json")
    found: Json = json.loads(body)
    assert errors(schema, found) == []
    assert undeclared(schema, found) == []
    return found


def _events(path: str, **options: Any) -> list[Json]:
    status, content_type, body = send("POST", path, **options)
    assert (status, content_type) == (200, "text/event-stream")
    data = [block.partition("data: ")[2] for block in body.decode().split("\n\n")]
    events = [json.loads(text) for text in data if text]
    for event in events:
        assert errors(EVENTS[event["type"]], event) == []
        assert undeclared(EVENTS[event["type"]], event) == []
    return events


@pytest.mark.parametrize(
    ("route", "format", "schema"),
    [
        ("transcriptions", "json", "CreateTranscriptionResponseJson"),
        ("transcriptions", "verbose_json", "CreateTranscriptionResponseVerboseJson"),
        ("translations", "json", "CreateTranslationResponseJson"),
        ("translations", "verbose_json", "CreateTranslationResponseVerboseJson"),
    ],
)
def test_the_text_tells_of_the_upload(route: str, format: str, schema: str) -> None:
    form = _form({"file": SOUND}, model="whisper-1", response_format=format)
    text = _object(schema, f"/v1/audio/{route}", data=form)["text"]
    assert f"{len(SOUND)}" in text
    assert sha256(SOUND).hexdigest() in text


def test_a_transcription_can_be_plain_text() -> None:
    form = _form({"file": SOUND}, model="whisper-1", response_format="text")
    answered = send("POST", "/v1/audio/transcriptions", data=form)
    assert answered.content_type == "text/plain"
    assert sha256(SOUND).hexdigest().encode() in answered.body


def test_a_transcription_can_be_streamed() -> None:
    form = _form({"file": SOUND}, model="gpt-4o-transcribe", stream="true")
    *deltas, done = _events("/v1/audio/transcriptions", data=form)
    assert "".join(event["delta"] for event in deltas) == done["text"]


SPEECH = {"model": "gpt-4o-mini-tts", "voice": "alloy", "input": "Zürich"}


def test_speech_is_sound() -> None:
    _, content_type, body = send("POST", "/v1/audio/speech", json=SPEECH)
    assert content_type == "audio/wav"
    with wave.open(io.BytesIO(body)) as sound:
        assert sound.getnframes() == 6 * sound.getframerate() // 20
        frames = sound.readframes(sound.getnframes())
    asked = {**SPEECH, "response_format": "pcm"}
    assert send("POST", "/v1/audio/speech", json=asked).body == frames


def test_speech_can_be_streamed() -> None:
    asked = {**SPEECH, "response_format": "pcm"}
    whole = send("POST", "/v1/audio/speech", json=asked).body
    *deltas, _ = _events("/v1/audio/speech", json={**asked, "stream_format": "sse"})
    assert b"".join(base64.b64decode(event["audio"]) for event in deltas) == whole


def _pixels(encoded: str) -> tuple[int, int]:
    data = base64.b64decode(encoded)
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])


def test_images_are_pictures_of_the_size_asked_for() -> None:
    asked = {"model": "gpt-image-1", "prompt": "a cat", "n": 2, "size": "1024x1536"}
    found = _object("ImagesResponse", "/v1/images/generations", json=asked)
    first, second = (image["b64_json"] for image in found["data"])
    assert _pixels(first) == _pixels(second) == (1024, 1536)
    assert first != second


@pytest.mark.parametrize("route", ["edits", "variations"])
def test_an_edit_depends_on_its_upload(route: str) -> None:
    found = [
        _object(
            "ImagesResponse",
            f"/v1/images/{route}",
            data=_form({"image": upload}, model="gpt-image-1", prompt="a cat"),
        )["data"][0]["b64_json"]
        for upload in (b"one", b"two", b"one")
    ]
    assert found[0] == found[2] != found[1]


def test_images_can_be_streamed() -> None:
    asked = {"prompt": "a cat", "stream": True, "partial_images": 2}
    first, second, last = _events("/v1/images/generations", json=asked)
    assert [first["partial_image_index"], second["partial_image_index"]] == [0, 1]
    assert last["b64_json"] != second["b64_json"]


def test_edits_can_be_streamed() -> None:
    form = _form({"image": b"one"}, prompt="a cat", stream="true", partial_images="1")
    assert len(_events("/v1/images/edits", data=form)) == 2
