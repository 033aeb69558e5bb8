"""What every request meets: it is noted, and judged; and every reply is marked."""

from dataclasses import dataclass

from aiohttp import web
from aiohttp.typedefs import Handler

from local_upstream.errors import ApiError
from local_upstream.identity import Identify, Identity

RATE_LIMITS = {
    "x-ratelimit-limit-requests": "10000",
    "x-ratelimit-limit-tokens": "2000000",
    "x-ratelimit-remaining-requests": "9999",
    "x-ratelimit-remaining-tokens": "1999900",
    "x-ratelimit-reset-requests": "6ms",
    "x-ratelimit-reset-tokens": "3ms",
}
MARKS = RATE_LIMITS | {
    "openai-organization": "org-local-upstream",
    "openai-processing-ms": "1",
    "openai-version": "2020-10-01",
}


@dataclass(frozen=True, slots=True)
class Record:
    """One request as it arrived; header names are lower-case."""

    method: str
    target: str
    headers: dict[str, str]


RECORDS = web.AppKey("records", list[Record])
IDENTIFY = web.AppKey[Identify]("identify")
IDENTITY = web.RequestKey("identity", Identity)


@web.middleware
async def observe(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Note a request, and give every error the API's body, aiohttp's own included."""
    names = {name.lower(): value for name, value in request.headers.items()}
    request.app[RECORDS].append(Record(request.method, request.path_qs, names))
    try:
        request[IDENTITY] = await _identify(request)
        _authorize(request)
        return await handler(request)
    except ApiError as error:
        return error.response()
    except web.HTTPException as error:
        message = f"{error.reason} ({request.method} {request.path})."
        reply = ApiError(error.status, message).response()
        if "allow" in error.headers:
            reply.headers["allow"] = error.headers["allow"]
        return reply


async def mark(request: web.Request, reply: web.StreamResponse) -> None:
    """Give a reply the headers that all of the API's have."""
    # A request too broken to be identified has an id all the same.
    identity = request.get(IDENTITY) or request.app[IDENTIFY](b"")
    reply.headers["x-request-id"] = identity.new_id("req")
    reply.headers.update(MARKS)


async def _identify(request: web.Request) -> Identity:
    """Look at the whole request, but for a form, whose boundary is a random one."""
    is_form = request.content_type.startswith("multipart/")
    body = b"" if is_form else await request.read()
    head = f"{request.method} {request.path_qs}\n".encode()
    return request.app[IDENTIFY](head + body)


def _authorize(request: web.Request) -> None:
    if not request.headers.get("authorization", "").startswith("Bearer "):
        raise ApiError(401, "You didn't provide an API key.", "invalid_api_key")
