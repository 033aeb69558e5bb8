"""Gemini as a provider: its settings, its requests, its errors."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemini_component.gemini import GEMINI
from gemini_component.requests import build_request
from provider.answer import answer
from provider.base_url import BaseUrl
from provider.routes import serve
from provider.settings.settings import Settings
from tests.unit.fakes import Log, ScriptedBody, Silence, host, response, run
from wire.errors import ConfigurationError
from wire.ports import Reply, Request, UpstreamResponse

KEY = "AIza-unit-77"
ENVIRON = {"GEMINI_API_KEY": KEY}


def read(**variables: str) -> Settings:
    return GEMINI.read_settings({**ENVIRON, **variables}, Log().log)


def test_the_defaults() -> None:
    settings = read()
    google = "generativelanguage.googleapis.com"
    assert settings.base_url == BaseUrl("https", google, "/v1beta")
    assert settings.api.base_url == BaseUrl("https", google, "/v1beta/openai")
    assert settings.api.credentials == (("authorization", f"Bearer {KEY}".encode()),)
    assert (settings.model, settings.price_table) == ("gemini-2.5-flash", "gemini")
    assert settings.secrets == (KEY,)


def test_its_variables_are_its_own() -> None:
    settings = read(
        GEMINI_BASE_URL="http://127.0.0.1:9/v1",
        GEMINI_MODEL="gemini-x",
        OPENAI_BASE_URL="https://elsewhere.example",
        OPENAI_MODEL="gpt",
    )
    assert settings.base_url == BaseUrl("http", "127.0.0.1:9", "/v1")
    assert settings.model == "gemini-x"


def test_the_document_is_the_same_for_every_provider() -> None:
    config = {"default_model": "gemini-y", "retry_config": {"max_retries": 1}}
    settings = read(PROXY_CONFIG=json.dumps({"config": config}))
    assert settings.model == "gemini-y"
    assert settings.conduct.retry_policy.max_retries == 1


@pytest.mark.parametrize("name", ["auth", "api_version", "prompt_api", "organization"])
def test_what_would_have_no_effect_is_refused(name: str) -> None:
    with pytest.raises(ConfigurationError, match=f"config.{name} is not a setting"):
        read(PROXY_CONFIG=json.dumps({"config": {name: "x"}}))


def test_a_missing_key_is_named() -> None:
    with pytest.raises(ConfigurationError, match="set GEMINI_API_KEY") as raised:
        GEMINI.read_settings({"OPENAI_API_KEY": "sk-other"}, Log().log)
    assert raised.value.code == "missing_api_key"


@pytest.mark.parametrize("model", ["../x", "a/../b", "a?key=1", "a b", "/a", "a/b/c"])
def test_a_model_is_no_path(model: str) -> None:
    with pytest.raises(ConfigurationError, match="GEMINI_MODEL"):
        read(GEMINI_MODEL=model)


@pytest.mark.parametrize(
    ("model", "resource"),
    [
        ("gemini-2.5-pro", "models/gemini-2.5-pro"),
        ("models/gemini-2.5-pro", "models/gemini-2.5-pro"),
        ("tunedModels/mine-1", "tunedModels/mine-1"),
    ],
)
def test_asks_for_an_event_stream_with_the_key_in_a_header(
    model: str, resource: str
) -> None:
    request = build_request("Hi", read(GEMINI_MODEL=model))
    assert request.method == "POST"
    assert request.path_with_query == (
        f"/v1beta/{resource}:streamGenerateContent?alt=sse"
    )
    assert request.body == b'{"contents":[{"role":"user","parts":[{"text":"Hi"}]}]}'
    assert dict(request.headers) == {
        "content-type": b"application/json",
        "content-length": b"54",
        "accept": b"text/event-stream",
        "accept-encoding": b"identity",
        "user-agent": b"wasm-llm-proxy/0.1.0",
        "via": b"1.1 wasm-llm-proxy-53765dab58a9bac6",
        "x-goog-api-key": KEY.encode(),
    }


@given(st.text(min_size=1))
def test_carries_any_prompt(prompt: str) -> None:
    body = build_request(prompt, read()).body
    assert isinstance(body, bytes)
    assert json.loads(body)["contents"][0]["parts"][0]["text"] == prompt


RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo"
QUOTA = {
    "code": 429,
    "message": "You exceeded your current quota.",
    "status": "RESOURCE_EXHAUSTED",
    "details": [
        {"@type": "type.googleapis.com/google.rpc.Help", "links": []},
        {"@type": RETRY_INFO, "retryDelay": "40.2s"},
    ],
}


def refuse(status: int, body: bytes, **headers: str) -> Reply:
    """Answer a prompt whose upstream gives this error and no other chance."""
    given, _, _ = host(
        response(status, body, clock=None, **headers),
        environ={**ENVIRON, "PROXY_MAX_RETRIES": "0"},
    )
    return run(answer("Hi", GEMINI, given, Log().log))


@pytest.mark.parametrize("wrapped", [False, True])
def test_an_error_becomes_openais_and_says_when_to_retry(wrapped: bool) -> None:
    body = json.dumps([{"error": QUOTA}] if wrapped else {"error": QUOTA}).encode()
    reply = refuse(429, body)
    assert isinstance(reply.body, bytes)
    assert json.loads(reply.body) == {
        "error": {
            "message": "You exceeded your current quota.",
            "type": "invalid_request_error",
            "param": None,
            "code": "RESOURCE_EXHAUSTED",
        }
    }
    headers = dict(reply.headers)
    assert (headers["retry-after-ms"], headers["retry-after"]) == (b"40200", b"41")


def test_the_delay_is_told_once() -> None:
    body = json.dumps({"error": QUOTA}).encode()
    headers = refuse(429, body, retry_after="1", retry_after_ms="1000").headers
    told = [value for name, value in headers if name.startswith("retry-after")]
    assert sorted(told) == [b"40200", b"41"]


def test_a_header_stands_where_the_body_tells_no_delay() -> None:
    body = json.dumps({"error": {**QUOTA, "details": []}}).encode()
    assert dict(refuse(429, body, retry_after="7").headers)["retry-after"] == b"7"


@pytest.mark.parametrize(
    "details",
    [
        None,
        "x",
        [],
        [1],
        [{"@type": RETRY_INFO}],
        [{"@type": RETRY_INFO, "retryDelay": 5}],
        [{"@type": RETRY_INFO, "retryDelay": "soon"}],
        [{"@type": RETRY_INFO, "retryDelay": "-1s"}],
        [{"@type": "other", "retryDelay": "5s"}],
    ],
)
def test_without_a_delay_none_is_invented(details: object) -> None:
    reply = refuse(503, json.dumps({"error": {**QUOTA, "details": details}}).encode())
    assert "retry-after" not in dict(reply.headers)
    assert isinstance(reply.body, bytes)
    assert json.loads(reply.body)["error"]["type"] == "server_error"


def test_a_status_that_is_no_word_is_left_out() -> None:
    reply = refuse(400, b'{"error": {"message": "Bad.", "status": 3}}')
    assert isinstance(reply.body, bytes)
    assert json.loads(reply.body)["error"]["code"] is None


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"error": {"code": 1}}', b"[1]"])
def test_another_error_is_built_anew(body: bytes) -> None:
    reply = refuse(502, body)
    assert reply.status == 502
    assert isinstance(reply.body, bytes)
    assert "gave no reason" in json.loads(reply.body)["error"]["message"]


def test_the_key_does_not_come_back() -> None:
    reply = refuse(400, json.dumps({"error": {"message": f"Bad {KEY}"}}).encode())
    assert isinstance(reply.body, bytes)
    assert KEY.encode() not in reply.body


def test_a_key_that_gemini_does_not_know_is_a_401() -> None:
    refused = {
        "code": 400,
        "message": "API key not valid. Please pass a valid API key.",
        "status": "INVALID_ARGUMENT",
        "details": [
            1,
            {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "API_KEY_INVALID",
                "domain": "googleapis.com",
            },
        ],
    }
    reply = refuse(400, json.dumps({"error": refused}).encode())
    assert isinstance(reply.body, bytes)
    error = json.loads(reply.body)["error"]
    assert (reply.status, error["code"]) == (401, "upstream_key_refused")
    other = {**refused, "details": [{"reason": "OTHER"}]}
    assert refuse(400, json.dumps({"error": other}).encode()).status == 400


def test_the_delay_is_waited_for() -> None:
    short = {**QUOTA, "details": [{"@type": RETRY_INFO, "retryDelay": "2s"}]}
    given, upstream, clock = host(
        response(429, json.dumps({"error": short}).encode()),
        response(200, b"data: {}\n\n"),
        environ=ENVIRON,
    )
    reply = run(answer("Hi", GEMINI, given, Log().log))
    assert (reply.status, clock.slept) == (200, [2.0])


def test_the_routes_of_the_gateway_tell_its_errors_as_openai_does() -> None:
    refused = response(404, json.dumps({"error": {**QUOTA, "details": []}}).encode())
    given, _, _ = host(refused, environ=ENVIRON)
    request = Request("POST", "/v1/chat/completions", ())
    reply = run(serve(request, ScriptedBody(b"{}"), GEMINI, given, Log().log))
    assert isinstance(reply.body, bytes)
    assert json.loads(reply.body)["error"]["code"] == "RESOURCE_EXHAUSTED"


@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_probe_does_not_wait_for_the_body_of_an_error(status: int) -> None:
    body = ScriptedBody(Silence(300))
    given, _, _ = host(UpstreamResponse(status, (), body), environ=ENVIRON)
    request = Request("GET", "/health/ready", ())
    reply = run(serve(request, ScriptedBody(), GEMINI, given, Log().log))
    assert reply.status == (200 if status == 404 else 503)
    assert (body.reads, body.closed) == (0, 1)
