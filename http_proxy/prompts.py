"""The prompt: a request's body as it stands."""

from codecs import BOM_UTF8

from http_proxy.media_type import parse_media_type
from wire import headers
from wire.bodies import read_whole
from wire.errors import InvalidRequest, incomplete
from wire.ports import Body, BodyBroken, Headers

PROMPT_LIMIT = 1_048_576
"""Bytes: far more text than any model takes, and little enough to hold in memory."""
# `curl -d` says form-urlencoded of any body, so that type is taken as text.
MEDIA_TYPES = ("text/plain", "application/x-www-form-urlencoded")
CHARSETS = (None, "utf-8", "utf8", "us-ascii")


async def read_prompt(request_headers: Headers, body: Body) -> str:
    """Read the whole prompt; a byte order mark at its start is dropped.

    Raises `InvalidRequest`: 415 for a type, charset or coding that is not plain UTF-8
    text, 413 over `PROMPT_LIMIT` without reading the rest, 408 for a prompt that comes
    too slowly, 400 for one that is empty, not UTF-8, or broken off.
    """
    _check_type(request_headers)
    _check_declared_length(request_headers)
    received = (await _read(body)).removeprefix(BOM_UTF8)
    if not received:
        raise InvalidRequest(
            "The prompt is empty; send it as the request's body.", code="empty_prompt"
        )
    try:
        return received.decode()
    except UnicodeDecodeError as error:
        raise InvalidRequest(
            f"The prompt is not UTF-8: byte {error.start} cannot be decoded.",
            code="invalid_utf8",
        ) from error


def _check_type(request_headers: Headers) -> None:
    value = headers.find(request_headers, "content-type")
    if value:
        given = parse_media_type(value)
        if not given or given.type not in MEDIA_TYPES or given.charset not in CHARSETS:
            raise _unsupported("The body must be the prompt, as text/plain in UTF-8.")
    if headers.is_encoded(request_headers):
        raise _unsupported("The body must not be compressed.")


def _unsupported(message: str) -> InvalidRequest:
    # See: https://www.rfc-editor.org/rfc/rfc9110#status.415
    accepted = ", ".join(MEDIA_TYPES).encode()
    return InvalidRequest(
        message,
        status=415,
        code="unsupported_media_type",
        headers=(("accept", accepted), ("accept-encoding", b"identity")),
    )


def _check_declared_length(request_headers: Headers) -> None:
    if (headers.declared_length(request_headers) or 0) > PROMPT_LIMIT:
        raise _too_large()


async def _read(body: Body) -> bytes:
    try:
        received = await read_whole(body, PROMPT_LIMIT)
    except BodyBroken as error:
        raise incomplete(error.kind, "prompt", code="incomplete_prompt") from None
    if received is None:
        raise _too_large()
    return received


def _too_large() -> InvalidRequest:
    return InvalidRequest(
        f"The prompt is larger than {PROMPT_LIMIT} bytes; shorten it.",
        status=413,
        code="prompt_too_large",
    )
