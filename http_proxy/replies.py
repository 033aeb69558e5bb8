"""What the router answers by itself, in both editions."""

from http_proxy.routing import Route, allow
from wire.errors import json_reply
from wire.ports import Reply


def own_reply(method: str, route: Route) -> Reply | None:
    """Return the router's reply for a route that matched; None if it is another's.

    Which methods the paths of the API are served for, the provider knows alone.
    """
    if method == "OPTIONS" and route is not Route.API:
        return Reply(204, (("allow", allow(route).encode()),), b"")
    if route is Route.HEALTH:
        return json_reply(200, b'{"status":"healthy"}')
    return None
