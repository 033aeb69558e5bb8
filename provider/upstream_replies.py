"""What the client gets for each reply of the upstream: the stream, or an error."""

from http import HTTPStatus
from typing import Any

from provider.redaction import holds_secret, redact, without_secrets
from wire import codings, headers
from wire.errors import UpstreamError, error_body, json_reply
from wire.ports import BodyBroken, Clock, Headers, Reply, UpstreamResponse
from wire.shallow_json import parse_shallow

ERROR_BODY_LIMIT = 65_536
"""Bytes of an upstream's error that are read: a real one has a few hundred."""
ERROR_BODY_SECONDS = 3.0
"""How long its body may take: the status alone says enough."""
KEY_REFUSED_STATUS = 401


def stream_reply(
    response: UpstreamResponse, secrets: tuple[str, ...], *, asked: Headers = ()
) -> Reply:
    """Hand the upstream's body on untouched, and of its headers what has no secret.

    `asked` are the headers of the client that gets the body as it is; they say what it
    can decode. There are none where somebody here reads it.

    Raises `UpstreamError` for a body that is encoded although `identity` was asked for,
    and that the client has not said that it can decode.
    """
    applied = codings.applied(response.headers)
    if not codings.accepts(asked, applied):
        response.body.close()
        raise UpstreamError(
            "The upstream encoded its reply although identity was asked for; "
            "switch compression off there.",
            code="upstream_encoding",
        )
    passed = headers.without(_passed_down(response, secrets), "x-should-retry")
    encoding: Headers = ()
    if applied:
        encoding = ((codings.APPLIED, ", ".join(applied).encode("latin-1")),)
    return Reply(
        response.status, (*passed, *encoding, *headers.UNBUFFERED), response.body
    )


async def upstream_error_reply(
    response: UpstreamResponse,
    clock: Clock,
    *,
    exhausted: bool,
    secrets: tuple[str, ...],
) -> Reply:
    """Turn a reply that is not a success into an error of the same status.

    The upstream's own body stands when it has the shape of an OpenAI error, unless it
    is about the key; nothing that is passed on holds one of `secrets`, however it is
    written. `exhausted` tells the client that a retry has been tried for it already.

    Raises `UpstreamError` for a status that is no error, such as a redirect.
    """
    status = response.status
    if not 400 <= status <= 599:
        response.body.close()
        raise UpstreamError(
            f"The upstream answered with status {status}, which is neither a reply nor "
            "an error; check the base URL.",
            code="upstream_status",
        )
    passed = headers.without(_passed_down(response, secrets), "content-type")
    if status == KEY_REFUSED_STATUS:
        response.body.close()
        body = _key_refused()
    else:
        received = await read_error_body(response, clock)
        body = _error_body(status, received, secrets)
    return json_reply(status, body, _mark_exhausted(passed, exhausted))


def _key_refused() -> bytes:
    """Build our own error for an upstream that refuses the key.

    Its own is advice to whoever holds the key, and often shows a part of it.
    """
    return error_body(
        f"The upstream refused the key of this proxy (status {KEY_REFUSED_STATUS}): "
        "its operator has to set another. Nothing is wrong with the request.",
        type="server_error",
        code="upstream_key_refused",
        param=None,
    )


def _passed_down(response: UpstreamResponse, secrets: tuple[str, ...]) -> Headers:
    """Return the headers that the client may see. Raises `UpstreamError`.

    More of them than a host takes would end the instance on WASI 0.2.
    """
    passed = headers.forwarded(response.headers)
    if headers.size(passed) > headers.HEADERS_LIMIT:
        response.body.close()
        raise UpstreamError(
            f"The upstream's headers are larger than {headers.HEADERS_LIMIT} bytes.",
            code="upstream_headers",
        )
    return without_secrets(passed, secrets)


def _mark_exhausted(passed: Headers, exhausted: bool) -> Headers:
    if not exhausted:
        return passed
    return (*headers.without(passed, "x-should-retry"), NO_RETRY)


NO_RETRY = ("x-should-retry", b"false")


async def read_error_body(response: UpstreamResponse, clock: Clock) -> bytes:
    """Return as much of an error's body as came in time, and close it."""
    deadline = clock.now() + ERROR_BODY_SECONDS
    received = bytearray()
    try:
        # Looked at before each read, as some hosts wait longer than they are asked to.
        while len(received) < ERROR_BODY_LIMIT and clock.now() < deadline:
            chunk = await response.body.read_within(deadline - clock.now())
            if not chunk:
                break
            received += chunk
    except BodyBroken:
        pass  # What came may still be an error object; if not, the status stands.
    response.body.close()
    return bytes(received)


def _error_body(status: int, received: bytes, secrets: tuple[str, ...]) -> bytes:
    """Return the upstream's error, as it came or with what clients need of it."""
    is_clean = not holds_secret(received.decode(errors="replace"), secrets)
    if is_clean and _is_openai_error(received):
        return received
    return _rebuild(status, received, secrets)


def _parse(body: bytes) -> Any:
    try:
        return parse_shallow(body)
    except ValueError:
        return None


def _is_openai_error(body: bytes) -> bool:
    """Tell whether clients find all four members, each of the type that it has.

    See: the schema `Error` of https://github.com/openai/openai-openapi
    """
    match _parse(body):
        case {
            "error": {
                "message": str(),
                "type": str(),
                "param": str() | None,
                "code": str() | None,
            }
        }:
            return True
    return False


def _rebuild(status: int, body: bytes, secrets: tuple[str, ...]) -> bytes:
    """Build an OpenAI error from another API's, keeping the text it gives if any."""
    found = _find_fields(_parse(body))
    fields = {n: redact(v, secrets) for n, v in found.items() if isinstance(v, str)}
    message = fields.get("message") or fields.get("detail") or _title(status)
    return error_body(
        message,
        type=fields.get("type") or _type(status),
        code=fields.get("code"),
        param=fields.get("param"),
    )


def _find_fields(parsed: Any) -> dict[str, Any]:
    """Find what tells of the error, in any of the shapes that servers give it.

    Gemini's OpenAI-compatible endpoint puts it in an array.
    """
    match parsed:
        case [dict() as first, *_]:
            return _find_fields(first)
        case {"error": dict() as fields}:
            return fields
        case {"error": message}:
            return {"message": message}
        case dict():
            return parsed
    return {}


def _type(status: int) -> str:
    return "server_error" if status >= 500 else "invalid_request_error"


def _title(status: int) -> str:
    phrases = {known.value: known.phrase for known in HTTPStatus}
    phrase = phrases.get(status, "no standard meaning")
    return f"The upstream answered {status} ({phrase}) and gave no reason."
