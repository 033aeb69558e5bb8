"""The provider's own settings, beside those that every provider has."""

import re
from dataclasses import dataclass, field

from wire.base_url import BaseUrl
from wire.errors import ConfigurationError
from wire.ports import Timeouts
from wire.retry import RetryPolicy
from wire.settings import (
    Environ,
    Setting,
    read_base_url,
    read_retry_policy,
    read_timeouts,
    wrong_value,
)

API_KEY = Setting("OPENAI_API_KEY", "", "the key; required")
BASE_URL = Setting(
    "OPENAI_BASE_URL",
    "https://api.openai.com/v1",
    "where the API is, with any port and path; nothing is added but `/responses`",
)
MODEL = Setting("OPENAI_MODEL", "gpt-4.1", "the model that answers")
ORGANIZATION = Setting("OPENAI_ORG_ID", "", "sent as `OpenAI-Organization`")
PROJECT = Setting("OPENAI_PROJECT_ID", "", "sent as `OpenAI-Project`")
SETTINGS = (API_KEY, BASE_URL, MODEL, ORGANIZATION, PROJECT)

_HEADER_VALUE = re.compile(r"[\x21-\x7e]*")


@dataclass(frozen=True, slots=True)
class Settings:
    """What one request needs to know of the operator's wishes."""

    api_key: str = field(repr=False)
    base_url: BaseUrl
    model: str
    organization: str
    project: str
    timeouts: Timeouts
    retry_policy: RetryPolicy


def read_settings(environ: Environ) -> Settings:
    """Read and check all settings.

    Raises `ConfigurationError`, which names the variable and never shows a key.
    """
    return Settings(
        api_key=_read_key(environ),
        base_url=read_base_url(BASE_URL, environ),
        model=MODEL.read(environ),
        organization=_read_id(ORGANIZATION, environ),
        project=_read_id(PROJECT, environ),
        timeouts=read_timeouts(environ),
        retry_policy=read_retry_policy(environ),
    )


def _read_key(environ: Environ) -> str:
    key = API_KEY.read(environ)
    if not key:
        raise ConfigurationError(
            f"The proxy has no key for the upstream: set {API_KEY.name} in the "
            "environment of the process that serves it.",
            code="missing_api_key",
        )
    if not _HEADER_VALUE.fullmatch(key):
        raise ConfigurationError(
            f"{API_KEY.name} holds a space, a line break or a character that no key "
            "has; set it anew.",
            code="invalid_api_key_setting",
        )
    return key


def _read_id(setting: Setting, environ: Environ) -> str:
    value = setting.read(environ)
    if not _HEADER_VALUE.fullmatch(value):
        raise wrong_value(setting, environ, "ASCII without spaces")
    return value
