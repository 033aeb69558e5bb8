"""Requests that a provider makes by itself, and not for a client's request."""

from provider.settings.settings import Settings
from provider.settings.upstream import Endpoint
from wire import headers
from wire.ports import Headers, UpstreamRequest
from wire.version import NAME, VERSION

EVENT_STREAM = "text/event-stream"
JSON = "application/json"


def post(
    endpoint: Endpoint,
    path: str,
    body: bytes,
    settings: Settings,
    *,
    accept: str = EVENT_STREAM,
) -> UpstreamRequest:
    """Build a request whose body is JSON; the client's own headers never come here."""
    length = str(len(body)).encode()
    own: Headers = (
        ("content-type", JSON.encode()),
        ("content-length", length),
        *_own(accept),
    )
    return endpoint.request("POST", path, own, body, settings.conduct.timeouts)


def get(endpoint: Endpoint, path: str, settings: Settings) -> UpstreamRequest:
    """Build a request for a JSON object."""
    return endpoint.request("GET", path, _own(JSON), b"", settings.conduct.timeouts)


def client_headers(sent: Headers) -> Headers:
    """Return what of a client's own headers goes up with its request."""
    passed = headers.without(headers.sent_up(sent), "accept-encoding")
    return (*passed, headers.IDENTITY)


def _own(accept: str) -> Headers:
    agent = f"{NAME}/{VERSION}".encode()
    return (("accept", accept.encode()), headers.IDENTITY, ("user-agent", agent))
