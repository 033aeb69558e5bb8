"""`POST /v1/embeddings`: vectors of a text's digest, which mean nothing.

See: https://platform.openai.com/docs/api-reference/embeddings
"""

import base64
import struct
from hashlib import shake_256
from itertools import starmap
from typing import Any

from aiohttp import web

from local_upstream.asking import Json, read_json
from local_upstream.echo import count_tokens
from local_upstream.scripts import follow
from local_upstream.sending import send_json

DIMENSIONS = 1536


def vector(text: str, dimensions: int) -> bytes:
    """Return a vector of length 1 as 32-bit floats, little-endian, as the API does."""
    digest = shake_256(text.encode()).digest(4 * dimensions)
    numbers = [n / 2**31 - 1 for n in struct.unpack(f"<{dimensions}I", digest)]
    length = sum(number**2 for number in numbers) ** 0.5
    return struct.pack(f"<{dimensions}f", *(number / length for number in numbers))


def embeddings(model: str, inputs: list[Any], dimensions: int, form: str) -> Json:
    """Return the embeddings of texts, or of lists of tokens."""
    texts = [text if isinstance(text, str) else repr(text) for text in inputs]

    def embedding(index: int, text: str) -> Json:
        numbers = vector(text, dimensions)
        encoded: Any = base64.b64encode(numbers).decode()
        if form == "float":
            encoded = struct.unpack(f"<{dimensions}f", numbers)
        return {"object": "embedding", "index": index, "embedding": encoded}

    tokens = sum(map(count_tokens, texts))
    return {
        "object": "list",
        "data": list(starmap(embedding, enumerate(texts))),
        "model": model,
        "usage": {"prompt_tokens": tokens, "total_tokens": tokens},
    }


async def create(request: web.Request) -> web.StreamResponse:
    """Answer with a vector for each input."""
    asked = await read_json(request, input=(str, list))
    script = await follow(request, asked["model"])
    found = embeddings(
        asked["model"],
        _inputs(asked["input"]),
        asked.get("dimensions") or DIMENSIONS,
        asked.get("encoding_format") or "float",
    )
    return await send_json(request, found, script)


ROUTES = [web.post("/v1/embeddings", create)]


def _inputs(asked: str | list[Any]) -> list[Any]:
    """Return one input for each vector: a list of numbers is the tokens of one."""
    is_one = isinstance(asked, str) or (asked and isinstance(asked[0], int))
    return [asked] if is_one else list(asked)
