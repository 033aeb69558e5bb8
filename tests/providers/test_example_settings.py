"""The example settings hold what settings may hold, and nothing that has no effect."""

from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.providers.example_settings import CONFIG, NAMES, read

TYPES: dict[str, type | tuple[type, ...]] = {
    "provider": str,
    "base_url": str,
    "default_model": str,
    "api_key_env": str,
    "auth": str,
    "api_version": str,
    "prompt_api": str,
    "content_format": str,
    "timeout_ms": int,
    "connect_timeout_ms": int,
    "between_bytes_timeout_ms": int,
    "retry_config": dict,
    "allow_plain_http": bool,
    "allowed_paths": list,
    "log_level": str,
    "organization": str,
    "project": str,
    "cors_origins": list,
}
RETRY_TYPES: dict[str, type | tuple[type, ...]] = {
    "max_retries": int,
    "initial_delay_ms": int,
    "max_delay_ms": int,
    "backoff_multiplier": (int, float),
    "max_total_timeout_ms": int,
}
WORDS = {
    "auth": {"bearer", "api-key", "none"},
    "prompt_api": {"responses", "chat", "completions"},
    "content_format": {"Array", "String"},
}


def _check(settings: dict[str, Any], types: dict[str, Any]) -> None:
    for name, value in settings.items():
        assert isinstance(value, types[name]), name
        if name in WORDS:
            assert value in WORDS[name]


def test_the_providers_are_those_that_are_told_of() -> None:
    assert NAMES == [
        "azure",
        "azure-v1",
        "custom",
        "gemini",
        "localai",
        "moonshot",
        "ollama",
        "openai",
        "text-generation-webui",
        "vllm",
    ]
    assert len(NAMES) == len(list(CONFIG.iterdir()))


@pytest.mark.parametrize("name", NAMES)
def test_each_setting_is_known_and_of_its_type(name: str) -> None:
    settings = read(name)
    _check(settings, TYPES)
    _check(settings.get("retry_config", {}), RETRY_TYPES)
    assert {"base_url", "default_model"} <= set(settings)


@pytest.mark.parametrize("name", NAMES)
def test_a_key_goes_nowhere_in_clear(name: str) -> None:
    settings = read(name)
    url = urlsplit(settings["base_url"])
    assert not (url.query or url.fragment or url.username)
    assert not url.path.endswith("/")
    assert url.scheme == "https" or url.hostname == "127.0.0.1"
    # Whoever needs no key names no variable for it.
    assert ("api_key_env" in settings) == (settings.get("auth") != "none")


@pytest.mark.parametrize("name", NAMES)
def test_all_attempts_may_take_as_long_as_one(name: str) -> None:
    settings = read(name)
    total = settings.get("retry_config", {}).get("max_total_timeout_ms", 120_000)
    assert total >= settings.get("timeout_ms", 120_000)
