"""Wrong settings, in variables and in the document: each error says where."""

import json
from typing import Any

import pytest

from openai_component.settings import SETTINGS
from provider.settings.document import LEFT_OUT, read_document
from tests.unit.fakes import settings
from wire.errors import ConfigurationError


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
        ("PROXY_MAX_RETRIES", "1_0"),
        ("PROXY_MAX_RETRIES", "٣"),
        ("PROXY_RETRY_MULTIPLIER", "1_0"),
        ("PROXY_RETRY_INITIAL_DELAY_MS", "-1"),
        ("PROXY_RETRY_MULTIPLIER", "0.5"),
        ("PROXY_RETRY_MULTIPLIER", "nan"),
        ("PROXY_RETRY_MULTIPLIER", "inf"),
        ("PROXY_RETRY_MAX_DELAY_MS", "--1"),
        ("PROXY_ALLOW_PLAIN_HTTP", "1"),
        ("PROXY_AUTH", "basic"),
        ("PROXY_API_VERSION", "2024&x=y"),
        ("PROXY_PROMPT_API", "assistants"),
        ("PROXY_CONTENT_FORMAT", "Object"),
        ("PROXY_PROVIDER", "Open AI"),
        ("OPENAI_ORG_ID", "org 1"),
        ("OPENAI_PROJECT_ID", "proj\r\nx: y"),
        ("OPENAI_MODEL", "a\nb"),
        ("LOG_LEVEL", "loud"),
        ("PROXY_CHAT_TEMPERATURE", "2.1"),
        ("PROXY_CHAT_TEMPERATURE", "warm"),
    ],
)
def test_a_wrong_variable_is_an_error_with_name_and_value(
    name: str, value: str
) -> None:
    with pytest.raises(ConfigurationError) as raised:
        settings(**{name: value})
    assert raised.value.message.startswith(f"{name} is {value!r}, but it must be ")
    assert (raised.value.status, raised.value.code) == (500, "invalid_setting")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("provider", 1),
        ("default_model", None),
        ("default_model", ""),
        ("default_model", " "),
        ("auth", "basic"),
        ("auth", True),
        ("api_version", 2024),
        ("organization", "org 1"),
        ("project", "proj 1"),
        ("prompt_api", "x"),
        ("content_format", "Object"),
        ("timeout_ms", 0),
        ("timeout_ms", "2000"),
        ("timeout_ms", 1.5),
        ("timeout_ms", True),
        ("connect_timeout_ms", 3600001),
        ("between_bytes_timeout_ms", -1),
        ("retry_config.max_retries", 11),
        ("retry_config.initial_delay_ms", "1s"),
        ("retry_config.max_delay_ms", None),
        ("retry_config.backoff_multiplier", 0.5),
        ("retry_config.max_total_timeout_ms", 0),
        ("allow_plain_http", "true"),
        ("allowed_paths", "models"),
        ("allowed_paths", [1]),
        ("cors_origins", {}),
        ("cors_origins", ["a b"]),
        ("cors_origins", ["https://a,"]),
        ("cors_origins", ["https://a", "*"]),
        ("log_level", "loud"),
        ("chat_temperature", 2.1),
        ("chat_temperature", "1"),
    ],
)
def test_a_wrong_member_is_an_error_with_path_and_value(path: str, value: Any) -> None:
    config: Any = value
    for name in reversed(path.split(".")):
        config = {name: config}
    with pytest.raises(ConfigurationError) as raised:
        settings(PROXY_CONFIG=json.dumps({"config": config}))
    shown = json.dumps(value)
    assert raised.value.message.startswith(f"config.{path} is {shown}, but it must be ")
    assert (raised.value.status, raised.value.code) == (500, "invalid_setting")


TOKEN = "p@ss!word"


@pytest.mark.parametrize(
    "tokens",
    [
        TOKEN,
        f"tok-1,{TOKEN}",
        "Bearer tok-1",
        "bearer tok-1",
        "tok-1, Bearer tok-2",
        "=tok",
        "tok=1",
        '"tok-1"',
        "tök",
        ",",
        " , ,",
        " ",
        "",
    ],
)
def test_tokens_that_nobody_could_show_are_an_error_without_them(tokens: str) -> None:
    with pytest.raises(ConfigurationError, match="^PROXY_ACCESS_TOKENS is ") as raised:
        settings(PROXY_ACCESS_TOKENS=tokens)
    assert raised.value.code == "invalid_setting"
    assert "unset it" in raised.value.message or "it must be" in raised.value.message
    for word in filter(None, tokens.replace(",", " ").split()):
        assert word == "Bearer" or word not in raised.value.message


@pytest.mark.parametrize(
    "origins",
    [
        "https://a.example",
        "https://a.example:8443, http://localhost:3000",
        "http://[::1]:3000",
        "chrome-extension://abcdef",
        "https://a.example:4430",
    ],
)
def test_origins_are_as_browsers_write_them(origins: str) -> None:
    settings(PROXY_CORS_ORIGINS=origins)


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "null",
        "https://a.example/",
        "https://a.example/x",
        "https://A.example",
        "HTTPS://a.example",
        "https://*.example",
        "https://a.example:443",
        "http://a.example:80",
        "https://a.example:0",
        "https://me@a.example",
        "a.example",
        "https://b.example *",
        ",",
    ],
)
def test_an_origin_that_equals_none_is_an_error(origin: str) -> None:
    with pytest.raises(ConfigurationError, match="^PROXY_CORS_ORIGINS is ") as raised:
        settings(PROXY_CORS_ORIGINS=origin)
    assert raised.value.code == "invalid_setting"


def test_what_could_hold_a_password_is_not_shown() -> None:
    for environ in (
        {"OPENAI_BASE_URL": "http://u:pw@h/\x01"},
        {"PROXY_CONFIG": json.dumps({"config": {"base_url": ["http://u:pw@h"]}})},
    ):
        with pytest.raises(ConfigurationError, match="base_url|BASE_URL") as raised:
            settings(**environ)
        assert "pw" not in raised.value.message


def test_a_long_value_is_not_shown() -> None:
    pasted = "sk-" + "x" * 20
    for environ in (
        {"PROXY_MAX_RETRIES": pasted},
        {
            "PROXY_CONFIG": json.dumps(
                {"config": {"retry_config": {"max_retries": pasted}}}
            )
        },
    ):
        with pytest.raises(
            ConfigurationError, match="max_retries|MAX_RETRIES"
        ) as raised:
            settings(**environ)
        assert "sk-" not in raised.value.message


def refusal(text: str) -> str:
    with pytest.raises(ConfigurationError) as raised:
        read_document(text, SETTINGS)
    assert (raised.value.status, raised.value.code) == (500, "invalid_config")
    return raised.value.message


@pytest.mark.parametrize(
    "text", ["[]", "1", "{}", '{"config": []}', '{"config": {}, "x": 1}']
)
def test_a_document_is_one_object_in_config(text: str) -> None:
    assert refusal(text) == 'PROXY_CONFIG must be an object like {"config": {...}}.'


def test_text_that_is_no_json_is_told_by_its_place() -> None:
    assert "at line 2, column 13" in refusal('{"config":\n {"secret": secret}}')
    assert "secret" not in refusal('{"config":\n {"secret": secret}}')


def test_a_member_that_stands_twice_is_named() -> None:
    twice = '{"config": {"auth": "none", "timeout_ms": 1, "auth": "bearer"}}'
    assert refusal(twice) == "`auth` stands twice in one object of PROXY_CONFIG."
    assert refusal('{"config": {}, "config": {}}').startswith("`config` stands twice")
    inner = '{"config": {"retry_config": {"max_retries": 1, "max_retries": 1}}}'
    assert refusal(inner).startswith("`max_retries` stands twice")


def test_a_long_name_that_stands_twice_is_not_shown() -> None:
    pasted = json.dumps("sk-" + "x" * 40)
    message = refusal(f'{{"config": {{{pasted}: 1, {pasted}: 2}}}}')
    assert message == "A member stands twice in one object of PROXY_CONFIG."


def test_a_document_that_is_too_deep_is_refused() -> None:
    assert "PROXY_CONFIG is nested too deep" in refusal("[" * 2000)


def test_a_number_that_nobody_reads_is_refused() -> None:
    document = '{"config": {"timeout_ms": ' + "9" * 5000 + "}}"
    assert "a number of thousands of digits" in refusal(document)


def test_a_name_is_no_path() -> None:
    """What `a.b` means could be said twice, and differently, by two ways."""
    message = refusal('{"config": {"retry_config.max_retries": 1}}')
    assert message.startswith("A member of config is not a setting; there are ")


def test_an_unknown_member_is_named_with_those_that_there_are() -> None:
    message = refusal('{"config": {"modle": "x"}}')
    assert message.startswith("config.modle is not a setting; there are ")
    assert "default_model" in message
    inner = refusal('{"config": {"retry_config": {"retries": 1}}}')
    assert inner == (
        "config.retry_config.retries is not a setting; there are backoff_multiplier, "
        "initial_delay_ms, max_delay_ms, max_retries, max_total_timeout_ms."
    )


def test_a_member_with_a_long_name_is_not_shown() -> None:
    pasted = "sk-" + "x" * 40
    assert refusal(json.dumps({"config": {pasted: 1}})).startswith(
        "A member of config "
    )


def test_a_group_must_be_an_object() -> None:
    assert refusal('{"config": {"retry_config": 3}}') == (
        "config.retry_config must be an object."
    )


@pytest.mark.parametrize("name", LEFT_OUT)
def test_what_was_left_out_says_why(name: str) -> None:
    message = refusal(json.dumps({"config": {name: 5}}))
    assert message == f"config.{name} is not a setting: {LEFT_OUT[name]}."


def test_a_blank_document_sets_nothing() -> None:
    assert read_document(" \n", SETTINGS) == {}
