"""Gemini's conventions: its key, and errors in the shape of Google's APIs.

See: https://google.aip.dev/193 and, for the words,
https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto
"""

import json

from aiohttp import web

from local_upstream.asking import Json
from local_upstream.errors import ApiError
from local_upstream.identity import Identity
from local_upstream.observing import Conventions
from local_upstream.sending import STREAM_ERROR

TYPES = "type.googleapis.com/google.rpc."
STATUSES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
HELP = {
    "description": "Learn more about Gemini API quotas",
    "url": "https://ai.google.dev/gemini-api/docs/rate-limits",
}
UNREGISTERED = (
    "Method doesn't allow unregistered callers (callers without established identity). "
    "Please use API Key or other form of API consumer identity to call this API."
)
NO_TOKEN = (
    "Request had invalid authentication credentials. Expected OAuth 2 access token, "
    "login cookie or other valid authentication credential."
)


def error_body(error: ApiError) -> Json:
    """Return what is told of an error.

    When to ask again is said in the body alone, and only of a quota.
    """
    word = STATUSES.get(error.status, "UNKNOWN")
    told: Json = {"code": error.status, "message": str(error), "status": word}
    if error.status == 429 and error.retry_ms is not None:
        told["details"] = [
            {"@type": f"{TYPES}Help", "links": [HELP]},
            {
                "@type": f"{TYPES}RetryInfo",
                "retryDelay": f"{error.retry_ms / 1000:g}s",
            },
        ]
    return {"error": told}


STREAM_FAILURE = error_body(ApiError(503, str(STREAM_ERROR["message"])))


def is_events(request: web.Request) -> bool:
    """Tell whether a stream of events is asked for, and not one JSON array."""
    return request.query.get("alt") == "sse"


async def check_native(request: web.Request) -> None:
    """Insist on a key in its header. Raises `ApiError`."""
    _refuse_key_in_url(request)
    if "authorization" in request.headers:
        raise ApiError(401, NO_TOKEN)
    if not request.headers.get("x-goog-api-key"):
        raise ApiError(403, UNREGISTERED)


def tell_natively(request: web.Request, error: ApiError) -> web.Response:
    """Tell of an error: where an array of replies was asked for, as its only member."""
    is_stream = request.path.endswith(":streamGenerateContent")
    body = error_body(error)
    return _response(error, [body] if is_stream and not is_events(request) else body)


async def check_compatible(request: web.Request) -> None:
    """Insist on a key as OpenAI's clients send it. Raises `ApiError`.

    It is 400 here: https://github.com/sipeed/picoclaw/issues/2374
    """
    _refuse_key_in_url(request)
    if not request.headers.get("authorization", "").startswith("Bearer "):
        raise ApiError(400, "Missing or invalid Authorization header.")


def tell_compatibly(request: web.Request, error: ApiError) -> web.Response:
    """Tell of an error as this endpoint does: in an array.

    See: https://github.com/google-gemini/gemini-cli/issues/16987
    """
    del request  # It makes no difference here.
    return _response(error, [error_body(error)])


def no_marks(identity: Identity) -> dict[str, str]:
    """Return no headers: no id of the request is told."""
    del identity
    return {}


NATIVE = Conventions(check_native, tell_natively, no_marks)
COMPATIBLE = Conventions(check_compatible, tell_compatibly, no_marks)


def _refuse_key_in_url(request: web.Request) -> None:
    # Google takes it. Here nobody may get used to it: addresses are logged.
    if "key" in request.query:
        raise ApiError(400, "A key has no place in a URL: send it in a header.")


def _response(error: ApiError, body: object) -> web.Response:
    return web.Response(
        text=json.dumps(body, indent=2),
        status=error.status,
        content_type="application/json",
        charset="UTF-8",
    )
