"""Requests to Gemini's own API."""

from provider.compact_json import encode_json
from provider.requests import post
from provider.settings.settings import Settings
from provider.settings.upstream import Endpoint
from wire.ports import UpstreamRequest


def build_request(prompt: str, settings: Settings) -> UpstreamRequest:
    """Ask for an event stream that answers `prompt`.

    The key goes in a header: what is in a URL comes into logs.
    See: https://ai.google.dev/api/generate-content#method:-models.streamgeneratecontent
    """
    key = (("x-goog-api-key", settings.api_key.encode()),)
    asked = {"contents": [{"role": "user", "parts": [{"text": prompt}]}]}
    path = f"/{_resource(settings.model)}:streamGenerateContent?alt=sse"
    return post(Endpoint(settings.base_url, key), path, encode_json(asked), settings)


def _resource(model: str) -> str:
    """Return a model's resource name; tuned models have theirs in another folder."""
    return model if "/" in model else f"models/{model}"
