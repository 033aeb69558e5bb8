"""Which request is for which route."""

from enum import Enum

from wire.errors import InvalidRequest


class Route(Enum):
    """The routes, by their paths."""

    OPENAI_PROXY = "/openai-proxy"
    HEALTH = "/health"
    ANY = "*"
    """The server as a whole, which only OPTIONS may name."""


METHODS = {
    Route.OPENAI_PROXY: ("POST", "OPTIONS"),
    Route.HEALTH: ("GET", "HEAD", "OPTIONS"),
    Route.ANY: ("GET", "HEAD", "POST", "OPTIONS"),
}


def route_name(target: str) -> str:
    """Return the route's path for the log, or "unknown": never the client's text."""
    path = _path(target)
    return path if path in {route.value for route in Route} else "unknown"


def match(method: str, target: str) -> Route:
    """Find the route for a request target, which may have a query string.

    Raises `InvalidRequest` with status 404 or 405, the latter with `allow`.
    See: https://www.rfc-editor.org/rfc/rfc9110#field.allow
    """
    path = _path(target)
    if path not in {route.value for route in Route} or _is_not_options(path, method):
        raise InvalidRequest(
            "There is no such route. Use POST /openai-proxy or GET /health.",
            status=404,
            code="not_found",
        )
    route = Route(path)
    if method not in METHODS[route]:
        allowed = allow(route)
        raise InvalidRequest(
            f"{path} does not take this method; it takes {allowed}.",
            status=405,
            code="method_not_allowed",
            headers=(("allow", allowed.encode()),),
        )
    return route


def allow(route: Route) -> str:
    """Return the value of `allow` for a route."""
    return ", ".join(METHODS[route])


def _path(target: str) -> str:
    return target.partition("?")[0]


def _is_not_options(path: str, method: str) -> bool:
    """Tell whether `*` is asked for with a method that cannot have it."""
    return path == Route.ANY.value and method != "OPTIONS"
