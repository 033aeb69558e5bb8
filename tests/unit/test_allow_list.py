import json

import pytest

from openai_component.settings import SETTINGS
from provider.allow_list import (
    METHODS,
    BadPattern,
    Pattern,
    allowed_methods,
    parse_patterns,
)
from provider.settings.in_force import in_force
from provider.settings.sources import Sources
from tests.unit.fakes import settings
from wire.errors import ConfigurationError

BAD = {
    "/v1/models": "without what stands before them",
    "/models": "without what stands before them",
    "GET /v1/models/*": "without what stands before them",
    "https://api.openai.com/v1/models": "without what stands before them",
    "models/../files": "segment that is empty or made of dots",
    "../x": "segment that is empty or made of dots",
    "models//x": "segment that is empty or made of dots",
    "models/": "segment that is empty or made of dots",
    "/*": "segment that is empty or made of dots",
    "models?limit=2": "a query",
    "models#x": "special",
    "..;x/models": "made of dots",
    "models/%2a": "encoded",
    "models\\x": "special",
    "models/*/x": "stands alone or after the last slash",
    "mod*": "stands alone or after the last slash",
    "**": "stands alone or after the last slash",
    "PURGE models": "the methods are GET, HEAD, POST, PUT, PATCH, DELETE",
    "OPTIONS models": "the methods are GET",
    "LIST": "the methods are GET",
    "GET": "a path has to follow",
    "models GET": "a path has to follow",
    "get models": "in capitals",
    "Delete": "in capitals",
}
NAMED = {
    "PURGE models": "PURGE",
    "OPTIONS models": "OPTIONS",
    "models GET": "GET",
    "get models": "get",
}
"""Those of which one word is wrong by itself."""


@pytest.mark.parametrize(("text", "reason"), BAD.items(), ids=BAD)
def test_a_pattern_that_can_never_match_is_an_error_that_names_it(
    text: str, reason: str
) -> None:
    with pytest.raises(BadPattern, match=reason):
        list(parse_patterns(text))
    for environ in (
        {"PROXY_ALLOWED_PATHS": f"embeddings, {text}"},
        {"PROXY_CONFIG": json.dumps({"config": {"allowed_paths": [text]}})},
    ):
        with pytest.raises(ConfigurationError, match=reason) as raised:
            settings(**environ)
        assert raised.value.code == "invalid_setting"
        assert raised.value.message.split(" holds ")[0] in (
            "PROXY_ALLOWED_PATHS",
            "config.allowed_paths",
        )
        assert (
            f"holds {NAMED.get(text, text)!r}, which can never" in raised.value.message
        )


def test_one_string_of_a_document_is_one_pattern() -> None:
    for words in ("models files", ""):
        document = json.dumps({"config": {"allowed_paths": [words]}})
        with pytest.raises(ConfigurationError, match=f"holds '{words}'.* one pattern"):
            settings(PROXY_CONFIG=document)


def test_methods_do_not_reach_over_a_comma() -> None:
    with pytest.raises(ConfigurationError, match="holds 'GET'.*has to follow"):
        settings(PROXY_ALLOWED_PATHS="GET, models")


def test_a_long_pattern_is_shown_in_part() -> None:
    with pytest.raises(ConfigurationError) as raised:
        settings(PROXY_ALLOWED_PATHS="/" + "x" * 1000)
    assert len(raised.value.message) < 300


@pytest.mark.parametrize(
    "text", ["models, GET files/* *", "models,GET files/*,*", "models GET\tfiles/*\n *"]
)
def test_reads_paths_alone_and_after_a_method(text: str) -> None:
    patterns = settings(PROXY_ALLOWED_PATHS=text).conduct.allowed_paths
    assert patterns == (Pattern("models"), Pattern("files/*", "GET"), Pattern("*"))


def test_an_empty_list_serves_nothing() -> None:
    for environ in (
        {"PROXY_ALLOWED_PATHS": ","},
        {"PROXY_CONFIG": '{"config": {"allowed_paths": []}}'},
    ):
        assert settings(**environ).conduct.allowed_paths == ()


def test_what_is_below_a_path_is_not_the_path_itself() -> None:
    below = Pattern("models/*")
    assert below.covers("models/x/y")
    assert not below.covers("models") and not below.covers("modelsx/y")


@pytest.mark.parametrize(
    ("path", "methods"),
    {
        "responses": ("POST",),
        "responses/input_tokens": ("GET", "HEAD", "POST"),
        "responses/compact": ("GET", "HEAD", "POST"),
        "responses/resp_1": ("GET", "HEAD"),
        "responses/resp_1/input_items": ("GET", "HEAD"),
        "responses/resp_1/cancel": ("GET", "HEAD"),
        "chat/completions": ("POST",),
        "chat/completions/chatcmpl-1": ("GET", "HEAD"),
        "completions": ("POST",),
        "embeddings": ("POST",),
        "moderations": ("POST",),
        "models": ("GET", "HEAD"),
        "models/ft:gpt:org::1": ("GET", "HEAD"),
        "audio/speech": ("POST",),
        "audio/transcriptions": ("POST",),
        "audio/translations": ("POST",),
        "audio/voices": ("POST",),
        "audio/voices/voice_1": (),
        "audio/voice_consents/cons_1": ("GET", "HEAD"),
        "images/generations": ("POST",),
        "images/edits": ("POST",),
        "files": (),
        "batches": (),
        "conversations/conv_1": (),
        "organization/admin_api_keys": (),
    }.items(),
)
def test_by_default_nothing_of_others_is_listed_changed_or_deleted(
    path: str, methods: tuple[str, ...]
) -> None:
    assert allowed_methods(path, settings().conduct.allowed_paths) == methods


def test_a_pattern_without_a_method_allows_every_method() -> None:
    assert allowed_methods("models/x", [Pattern("models/*")]) == METHODS


def test_patterns_are_shown_as_they_are_written() -> None:
    environ = {"PROXY_ALLOWED_PATHS": "GET models/*, files"}
    shown = in_force(Sources(environ, SETTINGS), SETTINGS, "OPENAI_API_KEY")
    assert shown["allowed_paths"]["value"] == ["GET models/*", "files"]
