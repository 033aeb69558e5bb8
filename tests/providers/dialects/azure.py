"""Azure OpenAI, in its classic form and as `/openai/v1/`.

The classic form has the deployment in the path and the version in the query, errors of
its gateway have a code and a message alone, and a stream begins with what a filter made
of the prompt. Without a version, or with a wrong deployment, there is no resource.

See: https://learn.microsoft.com/azure/ai-foundry/openai/reference (classic),
https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle (v1). The
errors are those of https://github.com/SciSharp/BotSharp/issues/386 (401),
https://github.com/microsoft/copilot-camp/issues/551 (429) and, of v1 with a version,
https://github.com/openai/codex/issues/3725; the first chunk is that of
https://github.com/AbanteAI/archive-old-cli-mentat/issues/429.
"""

from collections.abc import Mapping

from aiohttp import web

from local_upstream.asking import Json, read_json
from local_upstream.chat import chunks, completion, read_chat
from local_upstream.errors import ApiError
from local_upstream.identity import Identity
from local_upstream.observing import IDENTITY
from local_upstream.scripts import follow
from local_upstream.sending import DONE, data_frame, send_events, send_json
from tests.providers.dialect import (
    API_KEY,
    BEARER,
    CHAT,
    COMPLETIONS,
    EMBEDDINGS,
    MODELS,
    Dialect,
    Refusal,
    Told,
)
from tests.providers.dialects import openai

API_VERSION = "2024-10-21"
NO_RESOURCE = Refusal(404, "Resource not found")
ACCESS_DENIED = Refusal(
    401,
    "Access denied due to invalid subscription key or wrong API endpoint. Make sure to "
    "provide a valid key for an active subscription and use a correct regional API "
    "endpoint for your resource.",
)
SAFE = {
    name: {"filtered": False, "severity": "safe"}
    for name in ("hate", "self_harm", "sexual", "violence")
}
PROMPT_RESULTS = [{"prompt_index": 0, "content_filter_results": SAFE}]
FIRST_CHUNK: Json = {
    "choices": [],
    "created": 0,
    "id": "",
    "model": "",
    "object": "",
    "prompt_filter_results": PROMPT_RESULTS,
}


async def create(request: web.Request) -> web.StreamResponse:
    """Answer a chat as OpenAI does, with what the filters say around it."""
    asked = await read_json(request, messages=list)
    script = await follow(request, asked["model"])
    chat = read_chat(asked, script, request[IDENTITY])
    if not asked.get("stream"):
        whole = {**completion(chat), "prompt_filter_results": PROMPT_RESULTS}
        return await send_json(request, _filtered(whole), script)
    options = asked.get("stream_options") or {}
    made = chunks(chat, with_usage=options.get("include_usage") is True)
    frames = [data_frame(chunk) for chunk in (FIRST_CHUNK, *map(_filtered, made))]
    return await send_events(request, [*frames, DONE], script)


def tell(error: ApiError) -> Told:
    """Tell of an error: the model's own is OpenAI's, every other is of a gateway."""
    if error.status in (400, 422) and error.param is not None:
        return openai.tell(error)
    message = NO_RESOURCE.message if error.status == 404 else str(error)
    code = "BadRequest" if error.status == 400 else str(error.status)
    return Told({"error": {"code": code, "message": message}}, error.retry_headers())


def mark(identity: Identity) -> Mapping[str, str]:
    """Return the headers that every reply has."""
    request_id = identity.new_id("req")
    return {"apim-request-id": request_id, "x-ms-region": "West Europe"}


AZURE = Dialect(
    "azure",
    "/openai/deployments/gpt-4.1",
    {"POST /chat/completions": create, **COMPLETIONS, **EMBEDDINGS},
    tell,
    keys=(API_KEY,),
    query={"api-version": API_VERSION},
    wrong_key=ACCESS_DENIED,
    wrong_query=NO_RESOURCE,
    marks=mark,
)
AZURE_V1 = Dialect(
    "azure-v1",
    "/openai/v1",
    {**openai.RESPONSES, **CHAT, **COMPLETIONS, **EMBEDDINGS, **MODELS},
    tell,
    keys=(API_KEY, BEARER),
    wrong_key=ACCESS_DENIED,
    wrong_query=Refusal(400, "API version not supported"),
    marks=mark,
)


def _filtered(reply: Json) -> Json:
    choices = [
        {**choice, "content_filter_results": SAFE} for choice in reply["choices"]
    ]
    return {**reply, "choices": choices}
