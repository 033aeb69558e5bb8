"""The HTTP server: `POST /v1/responses`, streamed or whole."""

import asyncio
import re
import secrets
from contextlib import suppress
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from local_upstream.responses import Answer, encode, stream

DELTA_SECONDS = 0.05
"""Between two deltas: about the pace of a fast model."""
REQUEST_LIMIT = 8 * 1024 * 1024


class ApiError(Exception):
    """An error of the API's own shape."""

    def __init__(self, status: int, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code

    def response(self) -> web.Response:
        """Return the error as the API would."""
        error = {
            "message": str(self),
            "type": "invalid_request_error",
            "param": None,
            "code": self.code,
        }
        return web.json_response({"error": error}, status=self.status)


def build_app(delta_seconds: float = DELTA_SECONDS) -> web.Application:
    """Build the server; `delta_seconds` is its pace."""

    async def responses(request: web.Request) -> web.StreamResponse:
        asked = await _read(request)
        answer = Answer(asked["model"], asked["input"], _deltas(asked["input"]))
        if not asked.get("stream"):
            return web.json_response(answer.response("completed"))
        return await _stream(request, answer, delta_seconds)

    app = web.Application(client_max_size=REQUEST_LIMIT, middlewares=[_answer_errors])
    app.router.add_post("/v1/responses", responses)
    return app


@web.middleware
async def _answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give every error the API's body, aiohttp's own included."""
    try:
        return await handler(request)
    except ApiError as error:
        return error.response()
    except web.HTTPException as error:
        message = f"{error.reason} ({request.method} {request.path})."
        reply = ApiError(error.status, message).response()
        if "allow" in error.headers:
            reply.headers["allow"] = error.headers["allow"]
        return reply


async def _read(request: web.Request) -> dict[str, Any]:
    """Check a request as the API does. Raises `ApiError`."""
    if not request.headers.get("authorization", "").startswith("Bearer "):
        raise ApiError(401, "You didn't provide an API key.", "invalid_api_key")
    try:
        asked = await request.json()
    except ValueError:
        raise ApiError(400, "Could not parse the JSON body.") from None
    for name in ("model", "input"):
        if not isinstance(asked, dict) or not isinstance(asked.get(name), str):
            raise ApiError(400, f"Missing required parameter: '{name}'.")
    return dict(asked)


def _deltas(prompt: str) -> list[str]:
    """Answer with the prompt itself, word by word: there is no model here."""
    return re.findall(r"\S+\s*|\s+", f"No model here, only an echo: {prompt}")


async def _stream(
    request: web.Request, answer: Answer, delta_seconds: float
) -> web.StreamResponse:
    reply = web.StreamResponse(
        headers={
            "content-type": "text/event-stream; charset=utf-8",
            "x-request-id": f"req_{secrets.token_hex(16)}",
            "openai-version": "2020-10-01",
        }
    )
    await reply.prepare(request)
    with suppress(ConnectionResetError):  # The client may go away: nothing to tell.
        for event in stream(answer):
            await reply.write(encode(event))
            if event["type"] == "response.output_text.delta":
                await asyncio.sleep(delta_seconds)
        await reply.write_eof()
    return reply
