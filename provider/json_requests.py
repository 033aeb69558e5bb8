"""Requests whose JSON the provider itself has to read."""

from wire import headers
from wire.bodies import PacedBody, read_whole
from wire.errors import InvalidRequest, incomplete
from wire.ports import Body, BodyBroken, Clock, Headers
from wire.shallow_json import VALUES_LIMIT

JSON_LIMIT = 4_194_304
"""Bytes: more than any model reads, and little enough to hold and to take apart."""


async def read_json(request_headers: Headers, body: Body, clock: Clock) -> bytes:
    """Read a whole body of JSON, which is not parsed here.

    Raises `InvalidRequest`: 413 over `JSON_LIMIT` without reading the rest, 415 for a
    body that is compressed, 408 for one that comes too slowly, 400 for one that breaks
    off.
    """
    try:
        _check(request_headers)
        received = await read_whole(PacedBody(body, clock), JSON_LIMIT)
    except BodyBroken as error:
        raise incomplete(error.kind, "request", code="incomplete_request") from None
    finally:
        body.close()
    if received is None:
        raise _too_large()
    return received


def _check(request_headers: Headers) -> None:
    if (headers.declared_length(request_headers) or 0) > JSON_LIMIT:
        raise _too_large()
    if headers.is_encoded(request_headers):
        raise InvalidRequest(
            "The body must not be compressed.",
            status=415,
            code="unsupported_media_type",
            headers=(("accept-encoding", b"identity"),),
        )


def too_many_values() -> InvalidRequest:
    """Build the error for JSON that holds more than `VALUES_LIMIT`."""
    return InvalidRequest(
        f"The request holds more than {VALUES_LIMIT} values; send less of them.",
        status=413,
        code="too_many_values",
    )


def _too_large() -> InvalidRequest:
    return InvalidRequest(
        f"The request is larger than {JSON_LIMIT} bytes; shorten it.",
        status=413,
        code="request_too_large",
    )
