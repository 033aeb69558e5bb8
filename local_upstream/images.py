"""`POST /v1/images/generations`, `edits` and `variations`.

See: https://platform.openai.com/docs/api-reference/images
"""

import base64
from collections.abc import Iterator
from dataclasses import dataclass

from aiohttp import web

from local_upstream.asking import Json, missing, read_form, read_json, wrong
from local_upstream.echo import count_tokens
from local_upstream.identity import Identity
from local_upstream.observing import IDENTITY
from local_upstream.pictures import png
from local_upstream.scripts import follow
from local_upstream.sending import named_frame, send_events, send_json

DEFAULT_MODEL = "gpt-image-1"
SIZES = ("1024x1024", "1024x1536", "1536x1024")
LOOK = {"background": "opaque", "output_format": "png", "quality": "low"}


@dataclass(frozen=True, slots=True)
class Picture:
    """What is to be shown: a prompt, and the uploads that it is about."""

    model: str
    prompt: str
    sources: tuple[bytes, ...]
    size: str
    count: int
    identity: Identity

    def encoded(self, number: int) -> str:
        """Return the picture of this number, the last one being whole."""
        width, height = map(int, self.size.split("x"))
        seed = b"".join([self.prompt.encode(), *self.sources, bytes([number])])
        return base64.b64encode(png(seed, width, height)).decode()

    def usage(self) -> Json:
        """Count tokens."""
        text, images = count_tokens(self.prompt), len(self.sources)
        return {
            "input_tokens": text + images,
            "input_tokens_details": {"text_tokens": text, "image_tokens": images},
            "output_tokens": self.count,
            "total_tokens": text + images + self.count,
        }


def whole(picture: Picture) -> Json:
    """Return the pictures in one object."""
    return {
        "created": picture.identity.now(),
        **LOOK,
        "size": picture.size,
        "data": [{"b64_json": picture.encoded(n)} for n in range(picture.count)],
        "usage": picture.usage(),
    }


def events(picture: Picture, kind: str, partial: int) -> Iterator[Json]:
    """Yield the events of one picture; `kind` is image_generation or image_edit."""
    look = {"created_at": picture.identity.now(), **LOOK, "size": picture.size}
    for number in range(partial):
        yield {
            "type": f"{kind}.partial_image",
            "b64_json": picture.encoded(number),
            "partial_image_index": number,
            **look,
        }
    last = picture.encoded(partial)
    usage = picture.usage()
    yield {"type": f"{kind}.completed", "b64_json": last, **look, "usage": usage}


async def generations(request: web.Request) -> web.StreamResponse:
    """Answer a prompt with pictures."""
    asked = await read_json(request, prompt=str, model=(str, type(None)))
    picture = _picture(asked, (), request[IDENTITY])
    return await _send(request, picture, asked, "image_generation")


async def edits(request: web.Request) -> web.StreamResponse:
    """Answer uploads and a prompt with pictures."""
    form = await read_form(request)
    asked = {**form.fields, "stream": form.is_streamed()}
    if "prompt" not in asked:
        raise missing("prompt")
    masks = form.files.get("mask", [])
    picture = _picture(asked, (*form.file("image"), *masks), request[IDENTITY])
    return await _send(request, picture, asked, "image_edit")


async def variations(request: web.Request) -> web.StreamResponse:
    """Answer an upload with pictures."""
    form = await read_form(request)
    asked = {"prompt": "", **form.fields}
    picture = _picture(asked, tuple(form.file("image")), request[IDENTITY])
    return await _send(request, picture, {}, "image_edit")


ROUTES = [
    web.post("/v1/images/generations", generations),
    web.post("/v1/images/edits", edits),
    web.post("/v1/images/variations", variations),
]


def _picture(asked: Json, sources: tuple[bytes, ...], identity: Identity) -> Picture:
    size = asked.get("size") or "auto"
    if size != "auto" and size not in SIZES:
        raise wrong("size", f"auto or one of {', '.join(SIZES)}")
    return Picture(
        asked.get("model") or DEFAULT_MODEL,
        asked["prompt"],
        sources,
        SIZES[0] if size == "auto" else size,
        int(asked.get("n") or 1),
        identity,
    )


async def _send(
    request: web.Request, picture: Picture, asked: Json, kind: str
) -> web.StreamResponse:
    script = await follow(request, picture.model)
    if not asked.get("stream"):
        return await send_json(request, whole(picture), script)
    made = events(picture, kind, int(asked.get("partial_images") or 0))
    return await send_events(request, map(named_frame, made), script)
