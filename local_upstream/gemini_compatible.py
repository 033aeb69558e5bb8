"""Gemini's OpenAI-compatible endpoint, below `/v1beta/openai/`, with its own ways.

Where a stream of its differs from OpenAI's is told of in these threads: a call comes
whole and without an `index` (https://github.com/openai/openai-python/issues/2806), it
ends with `stop` (https://github.com/googleapis/python-genai/issues/2868), and the usage
so far is in every chunk (https://github.com/ogx-ai/ogx/issues/5122).

See: https://ai.google.dev/gemini-api/docs/openai
"""

from collections.abc import Iterator

from aiohttp import web

from local_upstream import embeddings
from local_upstream.asking import Json, read_json
from local_upstream.chat import Chat, read_chat
from local_upstream.echo import count_tokens
from local_upstream.errors import ApiError
from local_upstream.gemini import BASE as NATIVE_BASE
from local_upstream.gemini import EVENT_STREAM
from local_upstream.gemini_errors import STREAM_FAILURE
from local_upstream.gemini_reply import THOUGHTS
from local_upstream.observing import IDENTITY
from local_upstream.scripts import Script, follow
from local_upstream.sending import DONE, data_frame, send_frames, send_json

BASE = f"{NATIVE_BASE}/openai"
MODELS = {
    "gemini-2.5-flash": "Gemini 2.5 Flash",
    "gemini-2.5-flash-lite": "Gemini 2.5 Flash-Lite",
    "gemini-2.5-pro": "Gemini 2.5 Pro",
    "gemini-embedding-001": "Gemini Embedding 001",
}
"""What is listed, with its display name; every other name is answered just as well."""
PREFIX = "models/"
"""In the list each id has it; in a request it may be left out."""
CHUNKS = 3
"""How many chunks a text is sent in, at most."""


def completion(chat: Chat) -> Json:
    """Return the whole completion."""
    message: Json = {"role": "assistant"}
    if chat.call:
        message["tool_calls"] = [chat.called(chat.call.arguments)]
    elif not _is_blocked(chat):
        message = {"content": "".join(chat.deltas), **message}
    choice = {"finish_reason": _reason(chat), "index": 0, "message": message}
    head = _head(chat, "chat.completion")
    return {"choices": [choice], **head, "usage": usage(chat, len(chat.said))}


def chunks(chat: Chat, *, with_usage: bool) -> Iterator[Json]:
    """Yield the chunks: the text's last one tells why it ends."""
    deltas, answered = list(_deltas(chat)), 0
    for number, delta in enumerate(deltas, 1):
        answered = len(chat.said) * number // len(deltas)
        choice: Json = {"delta": {**delta, "role": "assistant"}}
        if number == len(deltas):
            choice["finish_reason"] = "stop" if chat.call else _reason(chat)
        chunk = {
            "choices": [{**choice, "index": 0}],
            **_head(chat, "chat.completion.chunk"),
        }
        yield {**chunk, "usage": usage(chat, answered)} if with_usage else chunk


def usage(chat: Chat, answered: int) -> Json:
    """Count tokens so far; thoughts are in the total alone."""
    asked = count_tokens(chat.prompt)
    return {
        "completion_tokens": answered,
        "prompt_tokens": asked,
        "total_tokens": asked + answered + THOUGHTS,
    }


def model(name: str) -> Json:
    """Return the model object."""
    return {
        "id": PREFIX + name,
        "object": "model",
        "owned_by": "google",
        "display_name": MODELS[name],
    }


async def create(request: web.Request) -> web.StreamResponse:
    """Answer a chat with an echo of its last message."""
    asked = await read_json(request, messages=list)
    name = asked["model"].removeprefix(PREFIX)
    script = await follow(request, name)
    chat = read_chat({**asked, "model": name}, script, request[IDENTITY])
    if not asked.get("stream"):
        return await send_json(request, completion(chat), script)
    options = asked.get("stream_options") or {}
    made = chunks(chat, with_usage=options.get("include_usage") is True)
    frames = [*(data_frame(chunk, is_delta=True) for chunk in made), DONE]
    failure = data_frame(STREAM_FAILURE)
    return await send_frames(request, frames, EVENT_STREAM, script, failure)


async def list_models(request: web.Request) -> web.StreamResponse:
    """List the models."""
    listed = {"object": "list", "data": [model(name) for name in MODELS]}
    return await send_json(request, listed, Script())


async def retrieve(request: web.Request) -> web.StreamResponse:
    """Return one model that is listed."""
    name = request.match_info["model"].removeprefix(PREFIX)
    script = await follow(request, name)
    if name not in MODELS:
        raise ApiError(
            404, f"Model is not found: {PREFIX}{name} for api version v1beta"
        )
    return await send_json(request, model(name), script)


ROUTES = [
    web.post(f"{BASE}/chat/completions", create),
    web.post(f"{BASE}/embeddings", embeddings.create),
    web.get(f"{BASE}/models", list_models),
    web.get(f"{BASE}/models/{{model:.+}}", retrieve),
]


def _head(chat: Chat, kind: str) -> Json:
    return {
        "created": chat.identity.now(),
        "id": chat.identity.new_id("reply").partition("_")[2][:23],
        "model": chat.model,
        "object": kind,
    }


def _is_blocked(chat: Chat) -> bool:
    return chat.ending == "refuse"


def _reason(chat: Chat) -> str:
    return "content_filter" if _is_blocked(chat) else chat.finish_reason


def _deltas(chat: Chat) -> Iterator[Json]:
    """Yield the pieces of the answer: many words in one, a call as a whole."""
    if chat.call:
        yield {"tool_calls": [chat.called(chat.call.arguments)]}
    if chat.call or _is_blocked(chat):
        yield {}
        return
    size = -(-len(chat.deltas) // CHUNKS)
    for start in range(0, len(chat.deltas), size):
        yield {"content": "".join(chat.deltas[start : start + size])}
