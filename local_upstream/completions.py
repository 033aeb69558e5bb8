"""`POST /v1/completions`, the API's oldest.

See: https://platform.openai.com/docs/api-reference/completions
"""

from collections.abc import Iterator
from dataclasses import dataclass

from aiohttp import web

from local_upstream.asking import Json, read_json
from local_upstream.chat import FINISH_REASONS
from local_upstream.echo import count_tokens, echo
from local_upstream.observing import IDENTITY
from local_upstream.scripts import Script, follow
from local_upstream.sending import DONE, Frame, data_frame, send_events, send_json
from local_upstream.usage import completion_usage, usage_chunk


@dataclass(frozen=True, slots=True)
class Texts:
    """One completion: `n` choices for each prompt."""

    head: Json
    """What it begins with, whole or in chunks."""
    prompts: list[str]
    n: int
    script: Script

    @property
    def finish_reason(self) -> str:
        """Why each choice ends."""
        return FINISH_REASONS.get(self.script.ending, "stop")

    def answers(self) -> list[list[str]]:
        """Return what each choice says, in the pieces in which it is streamed."""
        return [self._answer(prompt) for prompt in self.prompts for _ in range(self.n)]

    def usage(self) -> Json:
        """Count the tokens of prompts and answers."""
        answered = sum(map(len, self.answers()))
        return completion_usage(sum(map(count_tokens, self.prompts)), answered)

    def _answer(self, prompt: str) -> list[str]:
        deltas = echo(prompt)
        return deltas[: len(deltas) // 2] if self.script.is_cut_short else deltas


def choice(index: int, text: str, finish_reason: str | None) -> Json:
    """Return one choice, or a piece of it."""
    return {
        "text": text,
        "index": index,
        "logprobs": None,
        "finish_reason": finish_reason,
    }


def completion(texts: Texts) -> Json:
    """Return a whole completion."""
    choices = [
        choice(index, "".join(deltas), texts.finish_reason)
        for index, deltas in enumerate(texts.answers())
    ]
    return {**texts.head, "choices": choices, "usage": texts.usage()}


def chunks(texts: Texts, tail: Json) -> Iterator[Json]:
    """Yield the chunks of a completion, choice by choice; each ends with `tail`."""
    for index, deltas in enumerate(texts.answers()):
        for delta in deltas:
            yield {**texts.head, "choices": [choice(index, delta, None)], **tail}
        last = choice(index, "", texts.finish_reason)
        yield {**texts.head, "choices": [last], **tail}
    if tail:
        yield usage_chunk(texts.head, texts.usage())


async def create(request: web.Request) -> web.StreamResponse:
    """Answer each prompt with its echo."""
    asked = await read_json(request, prompt=(str, list))
    script = await follow(request, asked["model"])
    texts = _texts(request, asked, script)
    if not asked.get("stream"):
        return await send_json(request, completion(texts), script)
    options = asked.get("stream_options") or {}
    tail = {"usage": None} if options.get("include_usage") else {}
    made = chunks(texts, tail)
    return await send_events(request, [*map(_frame, made), DONE], script)


ROUTES = [web.post("/v1/completions", create)]


def _texts(request: web.Request, asked: Json, script: Script) -> Texts:
    identity = request[IDENTITY]
    head = {
        "id": identity.new_id("cmpl"),
        "object": "text_completion",
        "created": identity.now(),
        "model": asked["model"],
    }
    prompts = [asked["prompt"]] if isinstance(asked["prompt"], str) else asked["prompt"]
    return Texts(head, prompts, asked.get("n") or 1, script)


def _frame(chunk: Json) -> Frame:
    return data_frame(chunk, is_delta=bool(chunk["choices"]))
