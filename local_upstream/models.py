"""`GET /v1/models`, and `GET` and `DELETE` of `/v1/models/MODEL`.

See: https://platform.openai.com/docs/api-reference/models
"""

from aiohttp import web

from local_upstream.asking import Json
from local_upstream.errors import ApiError
from local_upstream.scripts import Script, follow
from local_upstream.sending import send_json

CREATED = 1_700_000_000
MODELS = (
    "gpt-4.1",
    "gpt-3.5-turbo-instruct",
    "text-embedding-3-small",
    "omni-moderation-latest",
    "gpt-4o-transcribe",
    "whisper-1",
    "gpt-4o-mini-tts",
    "gpt-image-1",
)
"""What is listed; every other name is answered just as well."""


def model(name: str) -> Json:
    """Return the model object."""
    return {
        "id": name,
        "object": "model",
        "created": CREATED,
        "owned_by": "local-upstream",
    }


async def list_models(request: web.Request) -> web.StreamResponse:
    """List the models."""
    listed = {"object": "list", "data": [model(name) for name in MODELS]}
    return await send_json(request, listed, Script())


async def retrieve(request: web.Request) -> web.StreamResponse:
    """Return one model that is listed."""
    name = request.match_info["model"]
    script = await follow(request, name)
    if name not in MODELS and script.is_plain:
        message = f"The model '{name}' does not exist"
        raise ApiError(404, message, "model_not_found", param="model")
    return await send_json(request, model(name), script)


async def delete(request: web.Request) -> web.StreamResponse:
    """Delete a fine-tuned model, which is one whose name says so, as often as asked."""
    name = request.match_info["model"]
    if not name.startswith("ft:"):
        raise ApiError(403, "You have insufficient permissions for this operation.")
    deleted = {"id": name, "object": "model", "deleted": True}
    return await send_json(request, deleted, Script())


ROUTES = [
    web.get("/v1/models", list_models),
    # A fine-tuned model's name has colons; some gateways' models have slashes.
    web.get("/v1/models/{model:.+}", retrieve),
    web.delete("/v1/models/{model:.+}", delete),
]
