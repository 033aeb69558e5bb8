"""The gateway's decisions: who may enter, and who answers."""

import re
from typing import Protocol

from http_proxy.heads import check_head
from http_proxy.replies import own_reply
from http_proxy.routing import HEALTH_PATH, Route, Routes
from wire import headers
from wire.errors import ConfigurationError, InvalidRequest
from wire.ports import Headers, Reply, Request

EXPOSED = "retry-after, retry-after-ms, x-request-id, x-should-retry"
PREFLIGHT_SECONDS = 600
CHALLENGE = b'Bearer realm="gateway"'
_HEADER_NAMES = re.compile(r"[A-Za-z0-9, _-]*")


class Access(Protocol):
    """What the provider decides for the router."""

    def admit(self, authorization: list[bytes]) -> bool:
        """Tell whether a request with these values of `authorization` may enter."""

    def setting_error(self) -> str | None:
        """Say why nobody may, if the settings make no sense."""

    def allow_origin(self, origin: str) -> bool:
        """Tell whether pages of this origin may read the replies."""


async def decide(request: Request, routes: Routes, access: Access) -> Reply | Route:
    """Answer a request, or name the route that is answered elsewhere.

    Raises `InvalidRequest`, or `ConfigurationError` if nobody can enter.
    """
    check_head(request)
    if is_preflight(request) and cors_headers(request, access):
        return Reply(204, _preflight(request), b"")
    if not is_health(request):
        _authenticate(request, access)
    route = routes.match(request.method, request.target)
    return own_reply(request.method, route) or route


def cors_headers(request: Request, access: Access) -> Headers:
    """Return what lets the page that asks read the reply: nothing, if it may not.

    See: https://fetch.spec.whatwg.org/#http-cors-protocol
    """
    origin = headers.find(request.headers, "origin")
    if origin is None or not access.allow_origin(origin):
        return ()
    return (
        ("access-control-allow-origin", origin.encode("latin-1")),
        ("access-control-expose-headers", EXPOSED.encode()),
        ("vary", b"origin"),
    )


def is_preflight(request: Request) -> bool:
    """Tell whether a browser asks what a page may send; it sends no token with that."""
    asked = headers.find(request.headers, "access-control-request-method")
    return request.method == "OPTIONS" and asked is not None


def is_health(request: Request) -> bool:
    """Tell whether a request is for the one route that is open to all."""
    return request.target.partition("?")[0] == HEALTH_PATH


def _preflight(request: Request) -> Headers:
    names = headers.find(request.headers, "access-control-request-headers") or ""
    if not _HEADER_NAMES.fullmatch(names):
        names = ""
    return (
        ("access-control-allow-methods", b"GET, POST, PUT, PATCH, DELETE"),
        ("access-control-allow-headers", names.encode()),
        ("access-control-max-age", str(PREFLIGHT_SECONDS).encode()),
    )


def _authenticate(request: Request, access: Access) -> None:
    values = [value for name, value in request.headers if name == "authorization"]
    if access.admit(values):
        return
    if error := access.setting_error():
        raise ConfigurationError(error, code="invalid_setting")
    raise _wrong_token() if values else _no_token()


def _no_token() -> InvalidRequest:
    return InvalidRequest(
        "This gateway needs an access token: send it as `Authorization: Bearer "
        "TOKEN` (api_key in the official clients).",
        status=401,
        code="missing_access_token",
        headers=(("www-authenticate", CHALLENGE),),
    )


def _wrong_token() -> InvalidRequest:
    """See: https://www.rfc-editor.org/rfc/rfc6750#section-3.1"""
    return InvalidRequest(
        "What was sent in `Authorization` is not one of this gateway's own access "
        "tokens, as `Bearer TOKEN`; a key of the provider's is none.",
        status=401,
        code="invalid_access_token",
        headers=(("www-authenticate", CHALLENGE + b', error="invalid_token"'),),
    )
