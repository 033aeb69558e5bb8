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
        ("base_url", ["https://a"]),
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
