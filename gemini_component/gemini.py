"""Gemini as a provider."""

from gemini_component.errors import OpenAiErrors
from gemini_component.requests import build_request
from gemini_component.settings import SETTINGS, read_settings
from provider.provider import Provider

GEMINI = Provider(SETTINGS, read_settings, build_request, OpenAiErrors)
