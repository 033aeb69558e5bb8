import re
from pathlib import Path

import pytest

import openai_component.settings as openai
import wire.settings as shared
from openai_component.settings import read_settings
from tests.unit.fakes import ENVIRON, KEY
from wire.base_url import BaseUrl
from wire.errors import ConfigurationError
from wire.ports import Timeouts
from wire.request_log import LogLevel
from wire.retry import RetryPolicy
from wire.settings import SHOWN_LIMIT, read_log_level

ROOT = Path(__file__).parents[2]


def test_the_defaults() -> None:
    settings = read_settings(ENVIRON)
    assert settings.api_key == KEY
    assert settings.base_url == BaseUrl("https", "api.openai.com", "/v1")
    assert settings.model == "gpt-4.1"
    assert (settings.organization, settings.project) == ("", "")
    assert settings.timeouts == Timeouts(10, 120, 300, 130)
    assert settings.retry_policy == RetryPolicy(4, 1, 2, 30, 120)
    assert read_log_level(ENVIRON) is LogLevel.INFO


def test_every_variable_has_its_effect() -> None:
    environ = {
        "OPENAI_API_KEY": f"  {KEY}\n",
        "OPENAI_BASE_URL": "http://vllm:8000/api",
        "OPENAI_MODEL": "llama",
        "OPENAI_ORG_ID": "org-1",
        "OPENAI_PROJECT_ID": "proj_1",
        "PROXY_CONNECT_TIMEOUT_MS": "1500",
        "PROXY_FIRST_BYTE_TIMEOUT_MS": "2500",
        "PROXY_BETWEEN_BYTES_TIMEOUT_MS": "3500",
        "PROXY_TOTAL_TIMEOUT_MS": "4500",
        "PROXY_MAX_RETRIES": "0",
        "PROXY_RETRY_INITIAL_DELAY_MS": "0",
        "PROXY_RETRY_MULTIPLIER": "1.5",
        "PROXY_RETRY_MAX_DELAY_MS": "5500",
        "PROXY_ALLOW_PLAIN_HTTP": "TRUE",
        "LOG_LEVEL": "Debug",
    }
    assert environ.keys() == {s.name for s in openai.SETTINGS + shared.SETTINGS}
    settings = read_settings(environ)
    assert settings.api_key == KEY
    assert settings.base_url == BaseUrl("http", "vllm:8000", "/api")
    assert settings.model == "llama"
    assert (settings.organization, settings.project) == ("org-1", "proj_1")
    assert settings.timeouts == Timeouts(1.5, 2.5, 3.5, 4.0)
    assert settings.retry_policy == RetryPolicy(0, 0, 1.5, 5.5, 4.5)
    assert read_log_level(environ) is LogLevel.DEBUG


def test_a_blank_variable_has_its_default() -> None:
    assert read_settings({**ENVIRON, "OPENAI_MODEL": "  "}).model == "gpt-4.1"


@pytest.mark.parametrize("environ", [{}, {"OPENAI_API_KEY": " \n"}])
def test_a_missing_key_is_named(environ: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError, match="OPENAI_API_KEY") as raised:
        read_settings(environ)
    assert (raised.value.status, raised.value.code) == (500, "missing_api_key")


@pytest.mark.parametrize("key", ["sk-1 sk-2", "sk-1\nx: y", "sk-\x7f", "sk-ä"])
def test_a_key_that_is_none_is_named_but_not_shown(key: str) -> None:
    with pytest.raises(ConfigurationError, match="OPENAI_API_KEY") as raised:
        read_settings({"OPENAI_API_KEY": key})
    assert raised.value.code == "invalid_api_key_setting"
    assert "sk-" not in raised.value.message


def test_a_bad_base_url_is_named_but_not_shown() -> None:
    with pytest.raises(ConfigurationError, match="OPENAI_BASE_URL") as raised:
        read_settings({**ENVIRON, "OPENAI_BASE_URL": "https://me:hidden@a"})
    assert raised.value.code == "invalid_base_url"
    assert "hidden" not in raised.value.message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PROXY_CONNECT_TIMEOUT_MS", "0"),
        ("PROXY_CONNECT_TIMEOUT_MS", "-5"),
        ("PROXY_CONNECT_TIMEOUT_MS", "3600001"),
        ("PROXY_CONNECT_TIMEOUT_MS", "1.5"),
        ("PROXY_FIRST_BYTE_TIMEOUT_MS", "10s"),
        ("PROXY_BETWEEN_BYTES_TIMEOUT_MS", "never"),
        ("PROXY_TOTAL_TIMEOUT_MS", "1e3"),
        ("PROXY_MAX_RETRIES", "11"),
        ("PROXY_MAX_RETRIES", "many"),
        ("PROXY_RETRY_INITIAL_DELAY_MS", "-1"),
        ("PROXY_RETRY_MULTIPLIER", "0.5"),
        ("PROXY_RETRY_MULTIPLIER", "nan"),
        ("PROXY_RETRY_MULTIPLIER", "inf"),
        ("PROXY_RETRY_MAX_DELAY_MS", "--1"),
        ("PROXY_ALLOW_PLAIN_HTTP", "1"),
        ("OPENAI_ORG_ID", "org 1"),
        ("OPENAI_PROJECT_ID", "proj\r\nx: y"),
    ],
)
def test_nonsense_is_an_error_with_name_and_value(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        read_settings({**ENVIRON, name: value})
    assert raised.value.message.startswith(f"{name} is {value!r}, but it must be ")
    assert (raised.value.status, raised.value.code) == (500, "invalid_setting")


def test_a_nonsense_log_level_is_an_error() -> None:
    with pytest.raises(ConfigurationError, match="LOG_LEVEL is 'loud'"):
        read_log_level({"LOG_LEVEL": "loud"})


def test_a_long_value_is_not_shown() -> None:
    pasted = "sk-" + "x" * SHOWN_LIMIT
    with pytest.raises(ConfigurationError) as raised:
        read_settings({**ENVIRON, "PROXY_MAX_RETRIES": pasted})
    assert "PROXY_MAX_RETRIES is 23 characters long" in raised.value.message
    assert "sk-" not in raised.value.message


def test_the_readme_tells_of_every_variable() -> None:
    rows = re.findall(
        r"^\| `([A-Z_]+)` \| (.*?) \| (.*?) \|$",
        (ROOT / "README.md").read_text(),
        re.MULTILINE,
    )
    settings = openai.SETTINGS + shared.SETTINGS + shared.GATEWAY_SETTINGS
    assert rows == [
        (s.name, f"`{s.default}`" if s.default else "", s.meaning) for s in settings
    ]


def test_no_key_shows_in_a_repr() -> None:
    assert KEY not in repr(read_settings(ENVIRON))
