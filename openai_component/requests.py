"""Requests to the Responses API."""

import json

from openai_component.settings import Settings
from wire.ports import Headers, UpstreamRequest
from wire.version import NAME, VERSION


def build_request(prompt: str, settings: Settings) -> UpstreamRequest:
    """Ask for a streamed response to `prompt`.

    See: https://platform.openai.com/docs/api-reference/responses/create
    """
    asked = {"model": settings.model, "input": prompt, "stream": True}
    body = json.dumps(asked, ensure_ascii=False, separators=(",", ":")).encode()
    return UpstreamRequest(
        method="POST",
        scheme=settings.base_url.scheme,
        authority=settings.base_url.authority,
        path_with_query=f"{settings.base_url.path}/responses",
        headers=_headers(settings, len(body)),
        body=body,
        timeouts=settings.timeouts,
    )


def _headers(settings: Settings, length: int) -> Headers:
    """Build the request's headers; the client's own never come this far."""
    return (
        ("content-type", b"application/json"),
        ("content-length", str(length).encode()),
        ("accept", b"text/event-stream"),
        # An encoded stream could not be relayed byte for byte to every client.
        ("accept-encoding", b"identity"),
        ("user-agent", f"{NAME}/{VERSION}".encode()),
        *credentials(settings),
    )


def credentials(settings: Settings) -> Headers:
    """Return the headers that say who asks: the key, and the account if it is set."""
    values = {
        "authorization": f"Bearer {settings.api_key}",
        "openai-organization": settings.organization,
        "openai-project": settings.project,
    }
    return tuple((name, value.encode()) for name, value in values.items() if value)
