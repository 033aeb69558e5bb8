"""The asynchronous Python client, and many of its streams at once."""

import asyncio
from typing import Any

from openai import AsyncOpenAI

from tests.sdk.asked import MODEL, PROMPT
from tests.sdk.pair import Pair

STREAMS = 40
MESSAGES: Any = [{"role": "user", "content": PROMPT}]


async def _chat(client: AsyncOpenAI, prompt: str) -> str:
    messages: Any = [{"role": "user", "content": prompt}]
    stream = await client.chat.completions.create(
        model=MODEL, messages=messages, stream=True
    )
    return "".join([chunk.choices[0].delta.content or "" async for chunk in stream])


def test_whole_replies(pair: Pair) -> None:
    async def call(client: AsyncOpenAI) -> Any:
        return [
            await client.responses.create(model=MODEL, input=PROMPT),
            await client.chat.completions.create(model=MODEL, messages=MESSAGES),
            await client.embeddings.create(model=MODEL, input=PROMPT),
            [model async for model in client.models.list()],
            await client.audio.transcriptions.create(model=MODEL, file=("a", b"a")),
        ]

    assert len(pair.same_async(call)) == 5


def test_a_stream_of_events(pair: Pair) -> None:
    async def call(client: AsyncOpenAI) -> Any:
        asked = client.responses.create(model=MODEL, input=PROMPT, stream=True)
        return [event async for event in await asked]

    assert pair.same_async(call)[-1]["type"] == "response.completed"


def test_streams_at_once_keep_apart(pair: Pair) -> None:
    async def call(client: AsyncOpenAI) -> Any:
        prompts = (f"{PROMPT} {number}" for number in range(STREAMS))
        return await asyncio.gather(*(_chat(client, prompt) for prompt in prompts))

    texts = pair.same_async(call)
    ends = [text.rpartition(" ")[2] for text in texts]
    assert ends == [f"{number}" for number in range(STREAMS)]


def test_a_stream_that_is_left_early(pair: Pair) -> None:
    """The same connection serves the next request, or another one does."""

    async def call(client: AsyncOpenAI) -> Any:
        stream = await client.responses.create(model=MODEL, input=PROMPT, stream=True)
        async with stream:
            first = await anext(stream)
        return first, await _chat(client, PROMPT)

    first, text = pair.same_async(call)
    assert first["type"] == "response.created"
    assert text.endswith(PROMPT)
