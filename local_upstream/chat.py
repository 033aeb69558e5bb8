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
from local_upstream.scripts import follow
from local_upstream.sending import DONE, Frame, data_frame, send_events, send_json
from local_upstream.tools import Call, forced_call
from local_upstream.usage import completion_usage, usage_chunk


@dataclass(frozen=True, slots=True)
class Chat:
    """One completion: every choice says the same."""

    model: str
    prompt: str
    deltas: Sequence[str]
    call: Call | None
    choices: int
    identity: Identity

    @property
    def finish_reason(self) -> str:
        """Why it ends."""
        return "tool_calls" if self.call else "stop"

    def message(self) -> Json:
        """Return the whole answer."""
        content = None if self.call else "".join(self.deltas)
        message: Json = {
            "role": "assistant",
            "content": content,
            "refusal": None,
            "annotations": [],
        }
        if self.call:
            message["tool_calls"] = [self._called(self.call.arguments)]
        return message

    def parts(self) -> Iterator[Json]:
        """Yield the deltas of one choice, all but the last, which is empty."""
        first: Json = {"role": "assistant", "content": "", "refusal": None}
        if self.call is None:
            yield first
            yield from ({"content": delta} for delta in self.deltas)
            return
        called = {"index": 0, **self._called("")}
        yield {**first, "content": None, "tool_calls": [called]}
        for delta in self.call.deltas:
            yield {"tool_calls": [{"index": 0, "function": {"arguments": delta}}]}

    def usage(self) -> Json:
        """Count the tokens of prompt and answers."""
        said = self.call.deltas if self.call else self.deltas
        return completion_usage(count_tokens(self.prompt), len(said) * self.choices)

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

    def _called(self, arguments: str) -> Json:
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


async def create(request: web.Request) -> web.StreamResponse:
    """Answer a chat with an echo of its last message."""
    asked = await read_json(request, messages=list)
    script = await follow(request, asked["model"])
    chat = _chat(asked, request[IDENTITY])
    if not asked.get("stream"):
        return await send_json(request, completion(chat), script)
    options = asked.get("stream_options") or {}
    made = chunks(chat, with_usage=options.get("include_usage") is True)
    return await send_events(request, [*map(_frame, made), DONE], script)


ROUTES = [web.post("/v1/chat/completions", create)]


def _frame(chunk: Json) -> Frame:
    return data_frame(chunk, is_delta=bool(chunk["choices"]))


def _chat(asked: Json, identity: Identity) -> Chat:
    prompt = last_text(asked["messages"])
    wanted = asked.get("response_format") or {}
    deltas = echo(prompt)
    if wanted.get("type") == "json_schema":
        deltas = words(example(wanted["json_schema"].get("schema", {}), prompt))
    call = forced_call(asked, prompt)
    choices = asked.get("n") or 1
    return Chat(asked["model"], prompt, deltas, call, choices, identity)
