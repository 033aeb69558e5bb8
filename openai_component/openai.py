"""OpenAI, and every API that speaks the same, as a provider."""

from openai_component.requests import build_request
from openai_component.settings import SETTINGS, read_settings
from provider.provider import Provider

OPENAI = Provider(SETTINGS, read_settings, build_request)
