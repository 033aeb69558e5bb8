"""What a client asks for."""

from wit_world.imports.wasi_http_types import Fields, Request

from wasi_http.cases import method_name
from wire.ports import Headers
from wire.ports import Request as Head


def read_head(request: Request) -> Head:
    """Return the head of a request; its body stays to be consumed."""
    with request.get_headers() as fields:
        headers = read_headers(fields)
    return Head(
        method_name(request.get_method()), request.get_path_with_query() or "/", headers
    )


def read_headers(fields: Fields) -> Headers:
    """Return all headers, their names in lower case."""
    return tuple((name.lower(), value) for name, value in fields.copy_all())
