"""Each method of the Python client: with everything allowed, and by default."""

import inspect
from typing import Any

import openai
import pytest
from openai import OpenAI

from tests.sdk.asked import MODEL, PROMPT, Forecast
from tests.sdk.pair import Call, Pair

SOUND: Any = ("sound.wav", b"RIFF")
PICTURE: Any = ("picture.png", b"\x89PNG")
TUNED = "ft:gpt-4.1:org::id"
CHAT: Any = {"model": MODEL, "messages": [{"role": "user", "content": PROMPT}]}
ASKED: Any = {"model": MODEL, "input": PROMPT}


def _response(client: OpenAI) -> str:
    return str(client.responses.create(**ASKED).id)


def _chat(client: OpenAI) -> str:
    return str(client.chat.completions.create(**CHAT, store=True).id)


def _streamed_response(client: OpenAI) -> Any:
    with client.responses.stream(**ASKED) as stream:
        return list(stream)


def _streamed_chat(client: OpenAI) -> Any:
    with client.chat.completions.stream(**CHAT) as stream:
        return [event.type for event in stream]


BY_DEFAULT: dict[str, Call] = {
    "responses.create": lambda c: c.responses.create(**ASKED),
    "responses.parse": lambda c: c.responses.parse(**ASKED, text_format=Forecast).id,
    "responses.stream": _streamed_response,
    "responses.compact": lambda c: c.responses.compact(**ASKED),
    "responses.retrieve": lambda c: c.responses.retrieve(_response(c)),
    "responses.input_items.list": lambda c: list(
        c.responses.input_items.list(_response(c))
    ),
    "responses.input_tokens.count": lambda c: c.responses.input_tokens.count(**ASKED),
    "chat.completions.create": lambda c: c.chat.completions.create(**CHAT),
    "chat.completions.parse": lambda c: (
        c.chat.completions.parse(**CHAT, response_format=Forecast).id
    ),
    "chat.completions.stream": _streamed_chat,
    "chat.completions.retrieve": lambda c: c.chat.completions.retrieve(_chat(c)),
    "chat.completions.messages.list": lambda c: list(
        c.chat.completions.messages.list(_chat(c))
    ),
    "completions.create": lambda c: c.completions.create(model=MODEL, prompt=PROMPT),
    "embeddings.create": lambda c: c.embeddings.create(**ASKED),
    "moderations.create": lambda c: c.moderations.create(input=PROMPT),
    "models.list": lambda c: list(c.models.list()),
    "models.retrieve": lambda c: c.models.retrieve(MODEL),
    "audio.speech.create": lambda c: (
        c.audio.speech.create(**ASKED, voice="alloy").content
    ),
    "audio.transcriptions.create": lambda c: c.audio.transcriptions.create(
        model=MODEL, file=SOUND
    ),
    "audio.translations.create": lambda c: c.audio.translations.create(
        model="whisper-1", file=SOUND
    ),
    "audio.voices.create": lambda c: c.audio.voices.create(
        audio_sample=SOUND, consent="cons_1", name="x"
    ),
    "audio.voice_consents.create": lambda c: c.audio.voice_consents.create(
        language="de", name="x", recording=SOUND
    ),
    "audio.voice_consents.retrieve": lambda c: c.audio.voice_consents.retrieve("c"),
    "images.generate": lambda c: c.images.generate(prompt=PROMPT),
    "images.edit": lambda c: c.images.edit(prompt=PROMPT, image=PICTURE),
    "images.create_variation": lambda c: c.images.create_variation(image=PICTURE),
}
"""What creates something, or reads it by its id."""

IF_ALLOWED: dict[str, Call] = {
    "responses.cancel": lambda c: c.responses.cancel(_response(c)),
    "responses.delete": lambda c: c.responses.delete(_response(c)),
    "chat.completions.list": lambda c: [_chat(c), list(c.chat.completions.list())],
    "chat.completions.update": lambda c: c.chat.completions.update(
        _chat(c), metadata={"a": "b"}
    ),
    "chat.completions.delete": lambda c: c.chat.completions.delete(_chat(c)),
    "models.delete": lambda c: c.models.delete(TUNED),
    "audio.voices.delete": lambda c: c.audio.voices.delete("voice_1"),
    "audio.voice_consents.list": lambda c: list(c.audio.voice_consents.list()),
    "audio.voice_consents.update": lambda c: c.audio.voice_consents.update(
        "cons_1", name="y"
    ),
    "audio.voice_consents.delete": lambda c: c.audio.voice_consents.delete("cons_1"),
}
"""What lists, changes, cancels or deletes what others may have stored."""

OFF_THE_LIST: dict[str, Call] = {
    "files.list": lambda c: list(c.files.list()),
    "files.create": lambda c: c.files.create(file=SOUND, purpose="user_data"),
    "batches.retrieve": lambda c: c.batches.retrieve("batch_1"),
    "conversations.create": lambda c: c.conversations.create(),
    "vector_stores.delete": lambda c: c.vector_stores.delete("vs_1"),
}
"""Of the many resources that no default pattern is about."""

RESOURCES = sorted({name.rpartition(".")[0] for name in BY_DEFAULT | IF_ALLOWED})
NO_HTTP = {"responses.connect"}
"""A WebSocket."""


def _methods(resource: str) -> set[str]:
    found: Any = OpenAI(api_key="none")
    for name in resource.split("."):
        found = getattr(found, name)
    names = (n for n in dir(found) if not n.startswith("_"))
    return {f"{resource}.{n}" for n in names if inspect.ismethod(getattr(found, n))}


def test_every_method_of_these_resources_is_called_here() -> None:
    known = set.union(*map(_methods, RESOURCES)) - NO_HTTP
    assert known == BY_DEFAULT.keys() | IF_ALLOWED.keys()


@pytest.mark.filterwarnings("ignore:deprecated:DeprecationWarning")
@pytest.mark.parametrize("name", [*BY_DEFAULT, *IF_ALLOWED, *OFF_THE_LIST])
def test_with_a_star_everything_is_as_it_is_direct(pair: Pair, name: str) -> None:
    """What the local upstream has not, it refuses alike."""
    pair.same_outcome((BY_DEFAULT | IF_ALLOWED | OFF_THE_LIST)[name])


@pytest.mark.filterwarnings("ignore:deprecated:DeprecationWarning")
@pytest.mark.parametrize("name", BY_DEFAULT)
def test_by_default_what_creates_or_reads_by_id(default_pair: Pair, name: str) -> None:
    default_pair.same_outcome(BY_DEFAULT[name])


@pytest.mark.parametrize("name", [*IF_ALLOWED, *OFF_THE_LIST])
def test_by_default_nothing_else(default_pair: Pair, name: str) -> None:
    with (
        default_pair.upstream.recording() as records,
        pytest.raises(openai.APIStatusError) as raised,
    ):
        default_pair.gateway.run((IF_ALLOWED | OFF_THE_LIST)[name])
    error = raised.value
    assert (error.status_code, error.code) in (
        (405, "method_not_allowed"),
        (404, "path_not_allowed"),
    )
    assert "PROXY_ALLOWED_PATHS" in error.message
    # Some have to create first what they are about.
    assert {(r.method, r.target) for r in records} <= {
        ("POST", "/v1/responses"),
        ("POST", "/v1/chat/completions"),
    }
