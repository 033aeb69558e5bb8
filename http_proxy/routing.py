"""Which request is for which route."""

from enum import Enum

from wire.errors import InvalidRequest


class Route(Enum):
    """The routes, by their paths."""

    OPENAI_PROXY = "/openai-proxy"
    HEALTH = "/health"
    API = "/v1/"
    """Everything below it."""
    ANY = "*"
    """The server as a whole, which only OPTIONS may name."""


PAIR = (Route.OPENAI_PROXY, Route.HEALTH, Route.ANY)
GATEWAY = (*PAIR, Route.API)

METHODS = {
    Route.OPENAI_PROXY: ("POST", "OPTIONS"),
    Route.HEALTH: ("GET", "HEAD", "OPTIONS"),
    Route.API: ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"),
    Route.ANY: ("GET", "HEAD", "POST", "OPTIONS"),
}


def route_name(target: str, routes: tuple[Route, ...] = PAIR) -> str:
    """Return the route's path for the log, or "unknown": never the client's text."""
    route = _find(target, routes)
    return route.value if route else "unknown"


def match(method: str, target: str, routes: tuple[Route, ...] = PAIR) -> Route:
    """Find the route for a request target, which may have a query string.

    Raises `InvalidRequest` with status 404 or 405, the latter with `allow`.
    See: https://www.rfc-editor.org/rfc/rfc9110#field.allow
    """
    route = _find(target, routes)
    if route is None or (route is Route.ANY and method != "OPTIONS"):
        raise InvalidRequest(
            f"There is no such route. Use {_usage(routes)}.",
            status=404,
            code="not_found",
        )
    if method not in METHODS[route]:
        raise InvalidRequest(
            f"{route.value} does not take this method; it takes {allow(route)}.",
            status=405,
            code="method_not_allowed",
            headers=(("allow", allow(route).encode()),),
        )
    return route


def allow(route: Route) -> str:
    """Return the value of `allow` for a route."""
    return ", ".join(METHODS[route])


def _find(target: str, routes: tuple[Route, ...]) -> Route | None:
    path = target.partition("?")[0]
    if Route.API in routes and path.startswith(Route.API.value):
        return Route.API
    return next((route for route in routes if route.value == path), None)


def _usage(routes: tuple[Route, ...]) -> str:
    usage = "POST /openai-proxy or GET /health"
    return f"/v1/..., {usage}" if Route.API in routes else usage
