"""Errors of a document, told by the name of the file that it was read from."""

from pathlib import Path

import pytest

from openai_component.openai import OPENAI
from provider.settings.sources import Sources
from scripts.config_file import told
from wire.errors import ConfigurationError

FILE = Path("config/mine.json")


def wrong(text: str, **variables: str) -> str:
    environ = {"PROXY_CONFIG": text, "OPENAI_API_KEY": "key", **variables}
    with pytest.raises(ConfigurationError) as raised:
        OPENAI.read(Sources(environ, OPENAI.settings))
    return told(raised.value, FILE)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", f"{FILE} is not JSON: "),
        ("[]", f"{FILE} must be an object"),
        ('{"config": {"timeout_ms": 0}}', f"{FILE}: config.timeout_ms is 0, but "),
        ('{"config": {"base_url": "x"}}', f"{FILE}: config.base_url cannot be used"),
        ('{"config": {"modle": 1}}', f"{FILE}: config.modle is not a setting"),
        ('{"config": {"a.b": 1}}', f"{FILE}: "),
        ('{"config": {}, "config": {}}', "`config` stands twice in one object of "),
    ],
)
def test_an_error_in_a_file_names_it(text: str, message: str) -> None:
    said = wrong(text)
    assert said.startswith(message)
    assert str(FILE) in said and "PROXY_CONFIG" not in said


def test_an_error_elsewhere_does_not() -> None:
    said = wrong('{"config": {}}', PROXY_MAX_RETRIES="many")
    assert said.startswith("PROXY_MAX_RETRIES is 'many'")
    assert str(FILE) not in said


def test_without_a_file_a_message_stays() -> None:
    error = ConfigurationError("PROXY_CONFIG is not JSON.", code="invalid_config")
    assert told(error, None) == str(error)
    assert told(ValueError("8080 is taken"), FILE) == "8080 is taken"
