"""The heads of requests: bounded before anything reads them."""

from wire import headers
from wire.errors import InvalidRequest
from wire.headers import HEADERS_LIMIT
from wire.ports import Request

TARGET_LIMIT = 8_192
"""Characters of path and query, a little more than every server has to take.
See: https://www.rfc-editor.org/rfc/rfc9110#section-4.1"""


def check_head(request: Request) -> None:
    """Refuse a head that is too large. Raises `InvalidRequest`: 414 or 431."""
    if len(request.target) > TARGET_LIMIT:
        raise InvalidRequest(
            f"The path and query are longer than {TARGET_LIMIT} characters; shorten "
            "them.",
            status=414,
            code="target_too_long",
        )
    if headers.size(request.headers) > HEADERS_LIMIT:
        raise InvalidRequest(
            f"The request's headers are larger than {HEADERS_LIMIT} bytes; send less "
            "of them.",
            status=431,
            code="headers_too_large",
        )
