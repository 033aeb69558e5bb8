"""Requests that ask for a streamed answer to a prompt."""

from typing import Any

from provider.compact_json import encode_json
from provider.requests import post
from provider.settings.settings import Settings
from wire.ports import UpstreamRequest


def build_request(prompt: str, settings: Settings) -> UpstreamRequest:
    """Ask the API that the settings name."""
    path, asked = _FORMS[settings.prompt_api](prompt)
    body = {"model": settings.model, **asked, "stream": True}
    return post(settings.api, path, encode_json(body), settings)


def _response(prompt: str) -> tuple[str, dict[str, Any]]:
    """See: https://platform.openai.com/docs/api-reference/responses/create"""
    return "/responses", {"input": prompt}


def _chat(prompt: str) -> tuple[str, dict[str, Any]]:
    """See: https://platform.openai.com/docs/api-reference/chat/create"""
    message = {"role": "user", "content": prompt}
    return "/chat/completions", {"messages": [message]}


def _completion(prompt: str) -> tuple[str, dict[str, Any]]:
    """See: https://platform.openai.com/docs/api-reference/completions/create"""
    return "/completions", {"prompt": prompt}


_FORMS = {"responses": _response, "chat": _chat, "completions": _completion}
