"""Moonshot (Kimi): chats and models alone; its text models want plain strings.

The shape of errors is that of https://github.com/can1357/oh-my-pi/issues/5981 and
https://github.com/MoonshotAI/kimi-cli/issues/2011; on strings, see
https://github.com/BerriAI/litellm/pull/21595.
"""

from aiohttp import web

from local_upstream import models
from local_upstream.errors import ApiError
from local_upstream.scripts import Script
from local_upstream.sending import send_json
from tests.providers.dialect import CHAT, Dialect, Refusal, Told

LISTED = ("kimi-k2.6", "moonshot-v1-32k", "moonshot-v1-32k-vision-preview")
NO_MODEL = "Not found the model, or permission denied"

TYPES = {
    400: "invalid_request_error",
    401: "invalid_authentication_error",
    403: "permission_denied_error",
    404: "resource_not_found_error",
    429: "rate_limit_reached_error",
}


async def list_models(request: web.Request) -> web.StreamResponse:
    """List the models."""
    listed = {"object": "list", "data": [models.model(name) for name in LISTED]}
    return await send_json(request, listed, Script())


async def retrieve(request: web.Request) -> web.StreamResponse:
    """Return one model that is listed."""
    name = request.match_info["model"]
    if name not in LISTED:
        raise ApiError(404, NO_MODEL)
    return await send_json(request, models.model(name), Script())


def tell(error: ApiError) -> Told:
    """Tell of an error, without a code."""
    kind = TYPES.get(error.status, "server_error")
    return Told({"error": {"message": str(error), "type": kind}})


MOONSHOT = Dialect(
    "moonshot",
    "/v1",
    {**CHAT, "GET /models": list_models, "GET /models/{model:.+}": retrieve},
    tell,
    takes_arrays=False,
    wrong_key=Refusal(401, "Invalid Authentication"),
    wrong_content=Refusal(
        400, "Invalid request: the content of a message must be a string"
    ),
)
