"""`POST /v1/completions`, the API's oldest.

See: https://platform.openai.com/docs/api-reference/completions
"""

from collections.abc import Iterator

from aiohttp import web

from local_upstream.asking import Json, read_json
from local_upstream.echo import count_tokens, echo
from local_upstream.identity import Identity
from local_upstream.observing import IDENTITY
from local_upstream.scripts import follow
from local_upstream.sending import DONE, Frame, data_frame, send_events, send_json
from local_upstream.usage import completion_usage, usage_chunk


def head(model: str, identity: Identity) -> Json:
    """Return what a completion begins with, whole or in chunks."""
    return {
        "id": identity.new_id("cmpl"),
        "object": "text_completion",
        "created": identity.now(),
        "model": model,
    }


def choice(index: int, text: str, finish_reason: str | None) -> Json:
    """Return one choice, or a piece of it."""
    return {
        "text": text,
        "index": index,
        "logprobs": None,
        "finish_reason": finish_reason,
    }


def usage(prompts: list[str], n: int) -> Json:
    """Count the tokens of prompts and answers."""
    answered = sum(len(echo(prompt)) for prompt in prompts) * n
    return completion_usage(sum(map(count_tokens, prompts)), answered)


def completion(begin: Json, prompts: list[str], n: int) -> Json:
    """Return a whole completion: `n` choices for each prompt."""
    texts = ["".join(echo(prompt)) for prompt in prompts for _ in range(n)]
    choices = [choice(index, text, "stop") for index, text in enumerate(texts)]
    return {**begin, "choices": choices, "usage": usage(prompts, n)}


def chunks(begin: Json, prompts: list[str], n: int, tail: Json) -> Iterator[Json]:
    """Yield the chunks of a completion, choice by choice; each ends with `tail`."""
    answers = [echo(prompt) for prompt in prompts for _ in range(n)]
    for index, deltas in enumerate(answers):
        for delta in deltas:
            yield {**begin, "choices": [choice(index, delta, None)], **tail}
        yield {**begin, "choices": [choice(index, "", "stop")], **tail}
    if tail:
        yield usage_chunk(begin, usage(prompts, n))


async def create(request: web.Request) -> web.StreamResponse:
    """Answer each prompt with its echo."""
    asked = await read_json(request, prompt=(str, list))
    script = await follow(request, asked["model"])
    begin = head(asked["model"], request[IDENTITY])
    prompts = [asked["prompt"]] if isinstance(asked["prompt"], str) else asked["prompt"]
    n = asked.get("n") or 1
    if not asked.get("stream"):
        return await send_json(request, completion(begin, prompts, n), script)
    options = asked.get("stream_options") or {}
    tail = {"usage": None} if options.get("include_usage") else {}
    made = chunks(begin, prompts, n, tail)
    return await send_events(request, [*map(_frame, made), DONE], script)


ROUTES = [web.post("/v1/completions", create)]


def _frame(chunk: Json) -> Frame:
    return data_frame(chunk, is_delta=bool(chunk["choices"]))
