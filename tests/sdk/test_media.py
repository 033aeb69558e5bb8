"""Audio and images through the Python client: uploads, and replies of bytes."""

import base64
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from openai import OpenAI

from provider.uploads import KEPT_LIMIT
from tests.sdk.asked import PROMPT
from tests.sdk.pair import Pair

# By the client; the API still has them.
DEPRECATED = pytest.mark.filterwarnings("ignore:deprecated:DeprecationWarning")
SMALL = bytes(range(256)) * 64
LARGE = b"\r\n--\x00" * (3 * KEPT_LIMIT // 5)
"""More than the gateway keeps for another attempt, and full of line ends."""
SPEECH: dict[str, Any] = {"model": "gpt-4o-mini-tts", "voice": "alloy", "input": PROMPT}


@DEPRECATED
@pytest.mark.parametrize("upload", [SMALL, LARGE], ids=["16 KiB", "3 MiB"])
@pytest.mark.parametrize("route", ["transcriptions", "translations"])
def test_an_upload_arrives_whole(pair: Pair, route: str, upload: bytes) -> None:
    def call(client: OpenAI) -> Any:
        created = getattr(client.audio, route).create
        return created(model="whisper-1", file=("sound.wav", upload))

    text = pair.same(call)["text"]
    assert f"{len(upload)}" in text
    assert sha256(upload).hexdigest() in text


def test_an_upload_from_a_file(pair: Pair, tmp_path: Path) -> None:
    path = tmp_path / "Zürich.wav"
    path.write_bytes(SMALL)
    text = pair.same(
        lambda client: client.audio.transcriptions.create(
            model="whisper-1", file=path, response_format="text"
        )
    )
    assert sha256(SMALL).hexdigest() in text


def test_a_streamed_transcription(pair: Pair) -> None:
    events = pair.same(
        lambda client: client.audio.transcriptions.create(
            model="gpt-4o-transcribe", file=("sound.wav", SMALL), stream=True
        )
    )
    *deltas, done = events
    assert "".join(event["delta"] for event in deltas) == done["text"]


@pytest.mark.parametrize("format", ["wav", "pcm"])
def test_speech(pair: Pair, format: Any) -> None:
    sound = pair.same(
        lambda client: (
            client.audio.speech.create(**SPEECH, response_format=format).content
        )
    )
    # A tone of 2,400 bytes for each character.
    assert len(sound) == 2400 * len(PROMPT) + (44 if format == "wav" else 0)


def test_speech_into_a_file(pair: Pair, tmp_path: Path) -> None:
    def call(client: OpenAI) -> Any:
        speech = client.audio.speech.with_streaming_response
        with speech.create(**SPEECH) as response:
            response.stream_to_file(tmp_path / "speech.wav")
        return (tmp_path / "speech.wav").read_bytes()

    assert pair.same(call).startswith(b"RIFF")


def test_speech_as_events(pair: Pair) -> None:
    def call(client: OpenAI) -> Any:
        speech = client.audio.speech.with_streaming_response
        with speech.create(**SPEECH, stream_format="sse") as response:
            return response.headers["content-type"], list(response.iter_lines())

    content_type, lines = pair.same(call)
    assert content_type == "text/event-stream; charset=utf-8"
    assert any("speech.audio.done" in line for line in lines)


def test_generated_images(pair: Pair) -> None:
    found = pair.same(
        lambda client: client.images.generate(model="gpt-image-1", prompt=PROMPT, n=2)
    )
    pictures = [base64.b64decode(image["b64_json"]) for image in found["data"]]
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)


def test_generated_images_as_events(pair: Pair) -> None:
    events = pair.same(
        lambda client: client.images.generate(
            model="gpt-image-1", prompt=PROMPT, stream=True, partial_images=1
        )
    )
    assert [event["type"] for event in events] == [
        "image_generation.partial_image",
        "image_generation.completed",
    ]


@pytest.mark.parametrize("upload", [SMALL, LARGE], ids=["16 KiB", "3 MiB"])
def test_an_edited_image(pair: Pair, upload: bytes) -> None:
    asked: dict[str, Any] = {
        "model": "gpt-image-1",
        "image": [("one.png", upload), ("two.png", SMALL)],
        "mask": ("mask.png", SMALL),
        "prompt": PROMPT,
    }
    found = pair.same(lambda client: client.images.edit(**asked))
    assert found["usage"]["input_tokens_details"]["image_tokens"] == 3
    [*_, last] = pair.same(lambda client: client.images.edit(**asked, stream=True))
    assert last["b64_json"] == found["data"][0]["b64_json"]


@DEPRECATED
def test_a_variation(pair: Pair) -> None:
    found = pair.same(
        lambda client: client.images.create_variation(image=("one.png", SMALL))
    )
    assert found["data"][0]["b64_json"]
