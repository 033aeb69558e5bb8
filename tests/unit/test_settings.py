import json
from typing import Any

import pytest

from openai_component.openai import OPENAI
from openai_component.settings import SETTINGS
from provider.allow_list import Pattern
from provider.base_url import BaseUrl
from provider.retry import RetryPolicy
from provider.settings.settings import Settings
from tests.unit.fakes import ENVIRON, KEY, settings
from wire.errors import ConfigurationError
from wire.ports import Timeouts
from wire.request_log import LogLevel

FROM_VARIABLES = {
    "OPENAI_API_KEY": "",
    "PROXY_API_KEY_ENV": "MY_KEY",
    "OPENAI_BASE_URL": "http://vllm:8000/api",
    "OPENAI_MODEL": "llama",
    "OPENAI_ORG_ID": "org-1",
    "OPENAI_PROJECT_ID": "proj_1",
    "PROXY_AUTH": "API-KEY",
    "PROXY_API_VERSION": "2024-10-21",
    "PROXY_PROMPT_API": "chat",
    "PROXY_PROVIDER": "azure",
    "PROXY_CONTENT_FORMAT": "string",
    "PROXY_CHAT_TEMPERATURE": "1",
    "PROXY_CONNECT_TIMEOUT_MS": "1500",
    "PROXY_FIRST_BYTE_TIMEOUT_MS": "2500",
    "PROXY_BETWEEN_BYTES_TIMEOUT_MS": "3500",
    "PROXY_CLIENT_TIMEOUT_MS": "6500",
    "PROXY_TOTAL_TIMEOUT_MS": "4500",
    "PROXY_MAX_RETRIES": "0",
    "PROXY_RETRY_INITIAL_DELAY_MS": "0",
    "PROXY_RETRY_MULTIPLIER": "1.5",
    "PROXY_RETRY_MAX_DELAY_MS": "5500",
    "PROXY_ALLOW_PLAIN_HTTP": "TRUE",
    "PROXY_ALLOWED_PATHS": "models, chat/*",
    "PROXY_CORS_ORIGINS": "https://a.example https://b.example",
    "PROXY_ACCESS_TOKENS": "tok-1",
    "LOG_LEVEL": "Debug",
    "MY_KEY": f"  {KEY}\n",
}
FROM_DOCUMENT: dict[str, Any] = {
    "provider": "azure",
    "base_url": "http://vllm:8000/api",
    "default_model": "llama",
    "api_key_env": "MY_KEY",
    "auth": "api-key",
    "api_version": "2024-10-21",
    "organization": "org-1",
    "project": "proj_1",
    "prompt_api": "chat",
    "content_format": "String",
    "chat_temperature": 1,
    "timeout_ms": 2500,
    "connect_timeout_ms": 1500,
    "between_bytes_timeout_ms": 3500,
    "client_timeout_ms": 6500,
    "retry_config": {
        "max_retries": 0,
        "initial_delay_ms": 0,
        "max_delay_ms": 5500,
        "backoff_multiplier": 1.5,
        "max_total_timeout_ms": 4500,
    },
    "allow_plain_http": True,
    "allowed_paths": ["models", "chat/*"],
    "cors_origins": ["https://a.example", "https://b.example"],
    "log_level": "debug",
}


def document(**config: Any) -> str:
    return json.dumps({"config": config})


def test_the_defaults() -> None:
    read = settings()
    assert read.api_key == KEY
    assert read.secrets == (KEY,)
    assert read.base_url == BaseUrl("https", "api.openai.com", "/v1")
    assert (read.model, read.prompt_api) == ("gpt-4.1", "responses")
    assert read.api.base_url == read.base_url
    assert read.api.credentials == (("authorization", f"Bearer {KEY}".encode()),)
    assert read.api.query == ""
    conduct = read.conduct
    assert conduct.timeouts == Timeouts(10, 120, 300, 130)
    assert conduct.retry_policy == RetryPolicy(4, 1, 2, 30, 120)
    assert (conduct.content_format, read.price_table) == ("Array", "openai")
    assert conduct.chat_temperature == 0.7
    assert conduct.log_level is LogLevel.INFO
    assert conduct.allowed_paths[0] == Pattern("responses", "POST")


def assert_all_had_their_effect(read: Settings) -> None:
    assert read.api_key == KEY
    assert read.base_url == BaseUrl("http", "vllm:8000", "/api")
    assert (read.model, read.prompt_api) == ("llama", "chat")
    assert dict(read.api.credentials) == {
        "api-key": KEY.encode(),
        "openai-organization": b"org-1",
        "openai-project": b"proj_1",
    }
    assert read.api.query == "api-version=2024-10-21"
    conduct = read.conduct
    assert conduct.timeouts == Timeouts(1.5, 2.5, 3.5, 4.0)
    assert conduct.client_timeout == 6.5
    assert conduct.retry_policy == RetryPolicy(0, 0, 1.5, 5.5, 4.5)
    assert (conduct.content_format, read.price_table) == ("String", "azure")
    assert conduct.chat_temperature == 1
    assert conduct.log_level is LogLevel.DEBUG
    assert conduct.allowed_paths == (Pattern("models"), Pattern("chat/*"))


def test_every_variable_has_its_effect() -> None:
    known = {setting.variable for setting in SETTINGS}
    assert known <= FROM_VARIABLES.keys()
    assert_all_had_their_effect(settings(FROM_VARIABLES))
    access = OPENAI.read_access(FROM_VARIABLES)
    assert access.client_timeout_ms == 6500
    assert access.tokens == (b"tok-1",)
    assert access.origins == ("https://a.example", "https://b.example")


def test_every_member_of_the_document_has_its_effect() -> None:
    paths = {
        f"{name}.{inner}" if isinstance(value, dict) else name
        for name, value in FROM_DOCUMENT.items()
        for inner in (value if isinstance(value, dict) else "-")
    }
    assert paths == {setting.path for setting in SETTINGS if setting.path}
    environ = {"MY_KEY": KEY, "PROXY_CONFIG": document(**FROM_DOCUMENT)}
    assert_all_had_their_effect(settings(environ))
    assert OPENAI.read_access(environ).origins == (
        "https://a.example",
        "https://b.example",
    )


def test_a_variable_comes_before_the_document_and_it_before_the_default() -> None:
    environ = {**ENVIRON, "PROXY_CONFIG": document(default_model="b", timeout_ms=2000)}
    read = settings(environ, OPENAI_MODEL="a")
    assert (read.model, read.conduct.timeouts.first_byte) == ("a", 2)
    assert (settings(environ, OPENAI_MODEL=" ").model) == "b"
    assert settings(environ).conduct.timeouts.connect == 10


@pytest.mark.parametrize("environ", [{}, {"OPENAI_API_KEY": " \n"}])
def test_a_missing_key_is_named(environ: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError, match="OPENAI_API_KEY") as raised:
        settings(environ)
    assert (raised.value.status, raised.value.code) == (500, "missing_api_key")


def test_a_missing_key_is_named_by_the_variable_that_should_hold_it() -> None:
    with pytest.raises(ConfigurationError, match="set MOONSHOT_API_KEY in"):
        settings(PROXY_API_KEY_ENV="MOONSHOT_API_KEY")


def test_where_no_key_may_be_needed_it_is_said_how_to_do_without() -> None:
    for local in (
        {"OPENAI_BASE_URL": "http://127.0.0.1:8000/v1"},
        {"PROXY_CONFIG": document(base_url="http://127.0.0.1:8000/v1")},
    ):
        with pytest.raises(ConfigurationError, match="PROXY_AUTH=none; config/"):
            settings(local)
    with pytest.raises(ConfigurationError) as raised:
        settings({})
    assert "PROXY_AUTH" not in raised.value.message


def test_without_authentication_no_key_is_needed_or_sent() -> None:
    read = settings(PROXY_AUTH="none")
    assert (read.api_key, read.secrets, read.api.credentials) == ("", (), ())
    assert settings({}, PROXY_AUTH="none").api_key == ""


@pytest.mark.parametrize("key", ["sk-1 sk-2", "sk-1\nx: y", "sk-\x7f", "sk-ä"])
def test_a_key_that_is_none_is_named_but_not_shown(key: str) -> None:
    with pytest.raises(ConfigurationError, match="OPENAI_API_KEY") as raised:
        settings({"OPENAI_API_KEY": key})
    assert raised.value.code == "invalid_api_key_setting"
    assert "sk-" not in raised.value.message


@pytest.mark.parametrize("key", ["sk-1", "gsk_short", "SK 1", "9KEY", "A" * 65])
def test_a_key_in_the_place_of_its_variables_name_is_not_shown(key: str) -> None:
    for environ in (
        {"PROXY_API_KEY_ENV": key},
        {"PROXY_CONFIG": document(api_key_env=key)},
    ):
        with pytest.raises(
            ConfigurationError, match="the name of a variable"
        ) as raised:
            settings(environ)
        assert key not in raised.value.message


def test_a_bad_base_url_is_named_but_not_shown() -> None:
    bad = "https://me:hidden@a"
    with pytest.raises(ConfigurationError, match="^OPENAI_BASE_URL") as raised:
        settings(OPENAI_BASE_URL=bad)
    assert raised.value.code == "invalid_base_url"
    assert "hidden" not in raised.value.message
    with pytest.raises(ConfigurationError, match="^config.base_url") as raised:
        settings(PROXY_CONFIG=document(base_url=bad))
    assert "hidden" not in raised.value.message


def test_there_may_be_no_temperature() -> None:
    assert settings(PROXY_CHAT_TEMPERATURE="None").conduct.chat_temperature is None
    null = settings(PROXY_CONFIG=document(chat_temperature=None))
    assert null.conduct.chat_temperature is None


def test_the_prices_of_another_upstream_are_not_openais() -> None:
    assert settings(OPENAI_BASE_URL="https://vllm.example/v1").price_table == ""
    own = settings(OPENAI_BASE_URL="https://api.openai.com/v1/")
    assert own.price_table == "openai"


def test_no_key_shows_in_a_repr() -> None:
    assert KEY not in repr(settings())


def test_a_broken_document_closes_no_door_and_opens_none() -> None:
    broken = {"PROXY_CONFIG": "{", "PROXY_ACCESS_TOKENS": "tok-1"}
    access = OPENAI.read_access(broken)
    assert (access.is_open, access.origins) == (False, ())
    assert access.admits([b"Bearer tok-1"])


def test_what_an_instance_has_read_it_does_not_read_again() -> None:
    assert settings() is settings()
    assert settings(OPENAI_MODEL="other").model == "other"
