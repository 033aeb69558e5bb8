"""Moonshot (Kimi): chats and models alone, plain strings, and one temperature.

The shape of errors is that of https://github.com/can1357/oh-my-pi/issues/5981 and
https://github.com/MoonshotAI/kimi-cli/issues/2011; on strings, see
https://github.com/BerriAI/litellm/pull/21595; on the temperature,
https://github.com/lobehub/lobehub/issues/14122; the models are those which
https://github.com/diillson/chatcli/issues/1344 found.
"""

from aiohttp import web

from local_upstream import chat, models
from local_upstream.asking import read_json
from local_upstream.errors import ApiError
from local_upstream.scripts import Script
from local_upstream.sending import send_json
from tests.providers.dialect import Dialect, Refusal, Told

LISTED = ("kimi-k3", "kimi-k2.7-code", "kimi-k2.7-code-highspeed", "kimi-k2.6")
NO_MODEL = "Not found the model, or permission denied"
TEMPERATURE = 1
WRONG_TEMPERATURE = "invalid temperature: only 1 is allowed for this model"

TYPES = {
    400: "invalid_request_error",
    401: "invalid_authentication_error",
    403: "permission_denied_error",
    404: "resource_not_found_error",
    429: "rate_limit_reached_error",
}


async def create(request: web.Request) -> web.StreamResponse:
    """Answer a chat, if it is to be as warm as all are."""
    asked = await read_json(request, messages=list)
    if asked.get("temperature", TEMPERATURE) != TEMPERATURE:
        raise ApiError(400, WRONG_TEMPERATURE)
    return await chat.create(request)


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
    {
        "POST /chat/completions": create,
        "GET /models": list_models,
        "GET /models/{model:.+}": retrieve,
    },
    tell,
    takes_arrays=False,
    wrong_key=Refusal(401, "Invalid Authentication"),
    wrong_content=Refusal(
        400, "Invalid request: the content of a message must be a string"
    ),
)
