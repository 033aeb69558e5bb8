"""What every request meets: it is noted, and judged; and every reply is marked.

By what it is judged, and how a reply is marked, is for an API's conventions to say.
"""

from collections.abc import Awaitable, Callable, Mapping
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


async def check_bearer(request: web.Request) -> None:
    """Insist on a key, whichever. Raises `ApiError`."""
    if not request.headers.get("authorization", "").startswith("Bearer "):
        raise ApiError(401, "You didn't provide an API key.", "invalid_api_key")


def tell_as_openai(request: web.Request, error: ApiError) -> web.Response:
    """Tell of an error as OpenAI does."""
    del request  # It makes no difference here.
    return error.response()


def mark_as_openai(identity: Identity) -> Mapping[str, str]:
    """Return the headers that all of OpenAI's replies have."""
    return {"x-request-id": identity.new_id("req"), **MARKS}


@dataclass(frozen=True, slots=True)
class Conventions:
    """What an API insists on, how it tells of an error, and what its replies bear."""

    check: Callable[[web.Request], Awaitable[None]] = check_bearer
    """Raises `ApiError`."""
    tell: Callable[[web.Request, ApiError], web.Response] = tell_as_openai
    marks: Callable[[Identity], Mapping[str, str]] = mark_as_openai


RECORDS = web.AppKey("records", list[Record])
CONVENTIONS = web.AppKey[Callable[[str], Conventions]]("conventions")
"""Gives the conventions of the API to which a path belongs."""
IDENTIFY = web.AppKey[Identify]("identify")
IDENTITY = web.RequestKey("identity", Identity)


@web.middleware
async def observe(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Note a request, and give every error the API's body, aiohttp's own included."""
    names = {name.lower(): value for name, value in request.headers.items()}
    request.app[RECORDS].append(Record(request.method, request.path_qs, names))
    conventions = request.app[CONVENTIONS](request.path)
    try:
        request[IDENTITY] = await _identify(request)
        await conventions.check(request)
        return await handler(request)
    except ApiError as error:
        return conventions.tell(request, error)
    except web.HTTPException as error:
        message = f"{error.reason} ({request.method} {request.path})."
        reply = conventions.tell(request, ApiError(error.status, message))
        if "allow" in error.headers:
            reply.headers["allow"] = error.headers["allow"]
        return reply


async def mark(request: web.Request, reply: web.StreamResponse) -> None:
    """Give a reply the headers that all of the API's have."""
    # A request too broken to be identified has an id all the same.
    identity = request.get(IDENTITY) or request.app[IDENTIFY](b"")
    reply.headers.update(request.app[CONVENTIONS](request.path).marks(identity))


async def _identify(request: web.Request) -> Identity:
    """Look at the whole request, but for a form, whose boundary is a random one."""
    is_form = request.content_type.startswith("multipart/")
    body = b"" if is_form else await request.read()
    head = f"{request.method} {request.path_qs}\n".encode()
    return request.app[IDENTIFY](head + body)
