"""`POST /v1/moderations`: a category applies if the text has its name in it.

See: https://platform.openai.com/docs/api-reference/moderations
"""

from typing import Any

from aiohttp import web

from local_upstream.asking import Json, read_json
from local_upstream.echo import text_of
from local_upstream.observing import IDENTITY
from local_upstream.scripts import follow
from local_upstream.sending import send_json

DEFAULT_MODEL = "omni-moderation-latest"
CATEGORIES = (
    "harassment",
    "harassment/threatening",
    "hate",
    "hate/threatening",
    "illicit",
    "illicit/violent",
    "self-harm",
    "self-harm/instructions",
    "self-harm/intent",
    "sexual",
    "sexual/minors",
    "violence",
    "violence/graphic",
)
OF_IMAGES = (
    "self-harm",
    "self-harm/instructions",
    "self-harm/intent",
    "sexual",
    "violence",
    "violence/graphic",
)


def judge(text: str, *, with_image: bool = False) -> Json:
    """Return the result for one input."""
    found = {name: name in text.lower() for name in CATEGORIES}
    both = ["text", "image"] if with_image else ["text"]
    return {
        "flagged": any(found.values()),
        "categories": found,
        "category_scores": {name: float(found[name]) for name in CATEGORIES},
        "category_applied_input_types": {
            name: both if name in OF_IMAGES else ["text"] for name in CATEGORIES
        },
    }


async def create(request: web.Request) -> web.StreamResponse:
    """Judge each input; text and images in one list are one."""
    asked = await read_json(request, input=(str, list), model=(str, type(None)))
    model = asked.get("model") or DEFAULT_MODEL
    script = await follow(request, model)
    judged = {
        "id": request[IDENTITY].new_id("modr"),
        "model": model,
        "results": _results(asked["input"]),
    }
    return await send_json(request, judged, script)


ROUTES = [web.post("/v1/moderations", create)]


def _results(asked: str | list[Any]) -> list[Json]:
    inputs: list[Any] = [asked] if isinstance(asked, str) else asked
    if all(isinstance(text, str) for text in inputs):
        return [judge(text) for text in inputs]
    with_image = any(part.get("type") == "image_url" for part in inputs)
    return [judge(text_of(inputs), with_image=with_image)]
