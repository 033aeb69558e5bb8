"""What a client asks for."""

from wit_world.imports.types import Fields, IncomingRequest, Method_Other

from wire.ports import Headers, Request


def read_head(request: IncomingRequest) -> Request:
    """Return the head of a request; its body stays to be consumed."""
    method = request.method()
    name = (
        method.value
        if isinstance(method, Method_Other)
        else type(method).__name__.removeprefix("Method_").upper()
    )
    with request.headers() as fields:
        headers = read_headers(fields)
    return Request(name, request.path_with_query() or "/", headers)


def read_headers(fields: Fields) -> Headers:
    """Return all headers, their names in lower case."""
    return tuple((name.lower(), value) for name, value in fields.entries())
