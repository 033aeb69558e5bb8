"""Which request is for which route."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from wire.errors import InvalidRequest

PROMPT_PATH = "/openai-proxy"
API_PREFIX = "/v1/"
HEALTH_PATH = "/health"


class Route(Enum):
    """What a request is for."""

    PROMPT = "prompt"
    HEALTH = "health"
    READY = "ready"
    CHAT = "chat"
    API = "api"
    """Everything below `API_PREFIX`."""
    ANY = "any"
    """The server as a whole, which only OPTIONS may name."""


METHODS = {
    Route.PROMPT: ("POST", "OPTIONS"),
    Route.HEALTH: ("GET", "HEAD", "OPTIONS"),
    Route.READY: ("GET", "HEAD", "OPTIONS"),
    Route.CHAT: ("POST", "OPTIONS"),
    Route.API: ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"),
    Route.ANY: ("GET", "HEAD", "POST", "OPTIONS"),
}


@dataclass(frozen=True, slots=True)
class Routes:
    """The routes of one edition, by their paths; `/v1/` stands for all below it."""

    paths: Mapping[str, Route]

    def match(self, method: str, target: str) -> Route:
        """Find the route for a request target, which may have a query string.

        Raises `InvalidRequest` with status 404 or 405, the latter with `allow`.
        See: https://www.rfc-editor.org/rfc/rfc9110#field.allow
        """
        path = self._path(target)
        route = self.paths.get(path)
        if route is None or (route is Route.ANY and method != "OPTIONS"):
            raise InvalidRequest(
                f"There is no such route. Use {self._usage()}.",
                status=404,
                code="not_found",
            )
        if method not in METHODS[route]:
            raise InvalidRequest(
                f"{path} does not take this method; it takes {allow(route)}.",
                status=405,
                code="method_not_allowed",
                headers=(("allow", allow(route).encode()),),
            )
        return route

    def name(self, target: str) -> str:
        """Return the path for the log, or "unknown": never the client's text."""
        path = self._path(target)
        return path if path in self.paths else "unknown"

    def _path(self, target: str) -> str:
        path = target.partition("?")[0]
        return API_PREFIX if path.startswith(API_PREFIX) else path

    def _usage(self) -> str:
        uses = (
            f"{API_PREFIX}..." if route is Route.API else f"{METHODS[route][0]} {path}"
            for path, route in self.paths.items()
            if route is not Route.ANY
        )
        return " or ".join(uses)


def prompt_path(environ: Mapping[str, str]) -> str:
    """Return where prompts are taken, as the composition says it.

    A router's environment is a component that is plugged into it: nobody who runs the
    file can set its variables.
    """
    return environ.get("PROMPT_PATH", PROMPT_PATH)


def pair(prompt_path: str = PROMPT_PATH) -> Routes:
    """Return the routes of the pair, whose prompts are taken at `prompt_path`."""
    paths = {prompt_path: Route.PROMPT, HEALTH_PATH: Route.HEALTH, "*": Route.ANY}
    return Routes(paths)


def gateway(prompt_path: str = PROMPT_PATH) -> Routes:
    """Return the routes of the gateway."""
    return Routes(
        {
            API_PREFIX: Route.API,
            "/chat": Route.CHAT,
            **pair(prompt_path).paths,
            "/health/ready": Route.READY,
        }
    )


def allow(route: Route) -> str:
    """Return the value of `allow` for a route."""
    return ", ".join(METHODS[route])
