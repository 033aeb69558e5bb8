"""The provider's own settings, beside those that every provider has."""

from dataclasses import replace

from provider.base_url import BaseUrl
from provider.settings.kinds import Text
from provider.settings.setting import Setting
from provider.settings.settings import Settings
from provider.settings.shared import SHARED, read_conduct
from provider.settings.sources import Sources
from provider.settings.upstream import (
    VARIABLE_NAME,
    Endpoint,
    read_base_url,
    read_key,
)

KEY_VARIABLE = Setting(
    "PROXY_API_KEY_ENV",
    "api_key_env",
    "GEMINI_API_KEY",
    Text(VARIABLE_NAME, "the name of a variable, in capitals"),
    "which variable holds the key; required",
    is_shown=False,
)
BASE_URL = Setting(
    "GEMINI_BASE_URL",
    "base_url",
    "https://generativelanguage.googleapis.com/v1beta",
    Text(),
    "where the API is; nothing is added but `/models/...`, and `/openai` for `/v1/` "
    "and `/chat`",
    is_shown=False,
)
MODEL = Setting(
    "GEMINI_MODEL",
    "default_model",
    "gemini-2.5-flash",
    Text(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)?", "a model's name"),
    "the model that answers",
)
SETTINGS = (KEY_VARIABLE, BASE_URL, MODEL, *SHARED)


def read_settings(sources: Sources) -> Settings:
    """Read and check all settings. Raises `ConfigurationError`."""
    key = read_key(KEY_VARIABLE, sources)
    base_url = read_base_url(BASE_URL, sources)
    return Settings(
        api_key=key,
        base_url=base_url,
        model=sources.read(MODEL),
        api=_compatible(base_url, key),
        prompt_api="chat",
        price_table="gemini",
        conduct=read_conduct(sources),
    )


def _compatible(base_url: BaseUrl, key: str) -> Endpoint:
    """See: https://ai.google.dev/gemini-api/docs/openai"""
    return Endpoint(
        replace(base_url, path=f"{base_url.path}/openai"),
        credentials=(("authorization", f"Bearer {key}".encode()),),
    )
