"""What a client asks for."""

from wit_world.imports.types import Fields, IncomingRequest

from wasi_http.cases import method_name
from wire.ports import Headers, Request


def read_head(request: IncomingRequest) -> Request:
    """Return the head of a request; its body stays to be consumed."""
    with request.headers() as fields:
        headers = read_headers(fields)
    return Request(
        method_name(request.method()), request.path_with_query() or "/", headers
    )


def read_headers(fields: Fields) -> Headers:
    """Return all headers, their names in lower case."""
    return tuple((name.lower(), value) for name, value in fields.entries())
