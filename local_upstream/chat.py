"""`POST /v1/chat/completions`.

See: https://platform.openai.com/docs/api-reference/chat
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aiohttp import web

from local_upstream.asking import Json, read_json
from local_upstream.echo import count_tokens, echo, last_text, words
from local_upstream.examples import example
from local_upstream.identity import Identity
from local_upstream.observing import IDENTITY
from local_upstream.scripts import Script, follow
from local_upstream.sending import DONE, Frame, data_frame, send_events, send_json
from local_upstream.stored_chats import keep
from local_upstream.tools import Call, forced_call
from local_upstream.usage import completion_usage, usage_chunk

REFUSAL = "No model here, and it refuses."
FINISH_REASONS = {"filter": "content_filter", "length": "length"}
"""By how an answer ends; a refusal is a whole answer."""


@dataclass(frozen=True, slots=True)
class Chat:
    """One completion: every choice says the same."""

    model: str
    prompt: str
    deltas: Sequence[str]
    call: Call | None
    choices: int
    identity: Identity
    ending: str = ""

    @property
    def finish_reason(self) -> str:
        """Why it ends."""
        if self.call:
            return "tool_calls"
        return FINISH_REASONS.get(self.ending, "stop")

    @property
    def said(self) -> Sequence[str]:
        """The pieces of what it says, be it a call."""
        return self.call.deltas if self.call else self.deltas

    @property
    def spoken(self) -> str:
        """The member that holds the text."""
        return "refusal" if self.ending == "refuse" else "content"

    def message(self) -> Json:
        """Return the whole answer."""
        message: Json = {
            "role": "assistant",
            "content": None,
            "refusal": None,
            "annotations": [],
        }
        if self.call:
            message["tool_calls"] = [self.called(self.call.arguments)]
        else:
            message[self.spoken] = "".join(self.deltas)
        return message

    def parts(self) -> Iterator[Json]:
        """Yield the deltas of one choice, all but the last, which is empty."""
        first: Json = {"role": "assistant", "content": "", "refusal": None}
        if self.call is None:
            yield first
            yield from ({self.spoken: delta} for delta in self.deltas)
            return
        called = {"index": 0, **self.called("")}
        yield {**first, "content": None, "tool_calls": [called]}
        for delta in self.call.deltas:
            yield {"tool_calls": [{"index": 0, "function": {"arguments": delta}}]}

    def usage(self) -> Json:
        """Count the tokens of prompt and answers."""
        answered = len(self.said) * self.choices
        return completion_usage(count_tokens(self.prompt), answered)

    def head(self, kind: str) -> Json:
        """Return what an object of this kind begins with, a chunk's as well."""
        return {
            "id": self.identity.new_id("chatcmpl"),
            "object": kind,
            "created": self.identity.now(),
            "model": self.model,
            "service_tier": "default",
            "system_fingerprint": "fp_local_upstream",
        }

    def called(self, arguments: str) -> Json:
        """Return the call as a message tells of it."""
        assert self.call
        function = {"name": self.call.name, "arguments": arguments}
        call_id = self.identity.new_id("call")
        return {"id": call_id, "type": "function", "function": function}


def completion(chat: Chat) -> Json:
    """Return the whole completion."""
    ending = {"logprobs": None, "finish_reason": chat.finish_reason}
    choices = [
        {"index": index, "message": chat.message(), **ending}
        for index in range(chat.choices)
    ]
    head = chat.head("chat.completion")
    return {**head, "choices": choices, "usage": chat.usage()}


def chunks(chat: Chat, *, with_usage: bool) -> Iterator[Json]:
    """Yield the chunks of a completion, the choices' side by side."""
    head = chat.head("chat.completion.chunk")
    # Only who asks for the usage has the member at all: null, up to the last chunk.
    tail = {"usage": None} if with_usage else {}
    for delta in [*chat.parts(), {}]:
        reason = None if delta else chat.finish_reason
        for index in range(chat.choices):
            choice = {
                "index": index,
                "delta": delta,
                "logprobs": None,
                "finish_reason": reason,
            }
            yield {**head, "choices": [choice], **tail}
    if with_usage:
        yield usage_chunk(head, chat.usage())


def read_chat(asked: Json, script: Script, identity: Identity) -> Chat:
    """Return the answer to a request. Raises `ApiError`."""
    prompt = last_text(asked["messages"])
    call = None if script.ending else forced_call(asked, prompt)
    return Chat(
        asked["model"],
        prompt,
        _deltas(asked, prompt, script),
        call,
        asked.get("n") or 1,
        identity,
        script.ending,
    )


async def create(request: web.Request) -> web.StreamResponse:
    """Answer a chat with an echo of its last message."""
    asked = await read_json(request, messages=list)
    script = await follow(request, asked["model"])
    chat = read_chat(asked, script, request[IDENTITY])
    keep(request, asked, completion(chat))
    if not asked.get("stream"):
        return await send_json(request, completion(chat), script)
    options = asked.get("stream_options") or {}
    made = chunks(chat, with_usage=options.get("include_usage") is True)
    return await send_events(request, [*map(_frame, made), DONE], script)


ROUTES = [web.post("/v1/chat/completions", create)]


def _frame(chunk: Json) -> Frame:
    return data_frame(chunk, is_delta=bool(chunk["choices"]))


def _deltas(asked: Json, prompt: str, script: Script) -> list[str]:
    wanted = asked.get("response_format") or {}
    if script.ending == "refuse":
        return words(REFUSAL)
    deltas = echo(prompt)
    if wanted.get("type") == "json_schema":
        deltas = words(example(wanted["json_schema"].get("schema", {}), prompt))
    return deltas[: len(deltas) // 2] if script.is_cut_short else deltas
