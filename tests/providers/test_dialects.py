"""Each dialect takes the right request, and none that is wrong in one respect."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.providers.dialect import KEY, KEY_HEADERS, Dialect
from tests.providers.dialects import DIALECTS
from tests.providers.example_settings import NAMES, read
from tests.providers.serving import Provider, serving

Json = dict[str, Any]
ASKED: Json = {"messages": [{"role": "user", "content": "one two"}]}
PARTS = [{"type": "text", "text": "one "}, {"type": "text", "text": "two"}]
ARRAY: Json = {"messages": [{"role": "user", "content": PARTS}]}
ECHO = "No model here, only an echo: one two"


def _openai(status: int, message: str, kind: str, code: str | None) -> Json:
    told = {"message": message, "type": kind, "param": None, "code": code}
    return {"error": told if status != 404 else {**told, "param": "model"}}


BUSY = "This model always answers 429 (Too Many Requests)."
UNAUTHORIZED = {
    "openai": _openai(
        401, "Incorrect API key provided.", "invalid_request_error", None
    ),
    "moonshot": {
        "error": {
            "message": "Invalid Authentication",
            "type": "invalid_authentication_error",
        }
    },
    "vllm": {"error": "Unauthorized"},
    "text-generation-webui": {"detail": "Unauthorized"},
    "custom": {"status": 401, "message": "Unauthorized"},
    "localai": {"error": {"code": 401, "message": "Unauthorized", "type": ""}},
    "ollama": _openai(401, "Unauthorized", "api_error", None),
}
TOO_MANY = {
    "openai": _openai(429, BUSY, "requests", "rate_limit_exceeded"),
    "azure": {"error": {"code": "429", "message": BUSY}},
    "azure-v1": {"error": {"code": "429", "message": BUSY}},
    "moonshot": {"error": {"message": BUSY, "type": "rate_limit_reached_error"}},
    "vllm": {
        "error": {
            "message": BUSY,
            "type": "Too Many Requests",
            "param": None,
            "code": 429,
        }
    },
    "localai": {"error": {"code": 429, "message": BUSY, "type": ""}},
    "ollama": _openai(429, BUSY, "api_error", None),
    "text-generation-webui": _openai(429, BUSY, "invalid_request_error", None),
    "custom": {"status": 429, "message": BUSY},
}
NO_ROUTE: Json = {
    "azure": {"error": {"code": "404", "message": "Resource not found"}},
    "azure-v1": {"error": {"code": "404", "message": "Resource not found"}},
    "text-generation-webui": {"detail": "Not Found"},
}


@pytest.fixture(scope="module", params=DIALECTS, name="provider")
def _provider(request: pytest.FixtureRequest) -> Iterator[Provider]:
    with serving(DIALECTS[request.param]) as provider:
        yield provider


def _headers(dialect: Dialect) -> dict[str, str]:
    return dict(dialect.keys[:1])


def _ask(provider: Provider, path: str = "/chat/completions", **changed: Any) -> Any:
    """Send the request that is right but for what is changed."""
    settings = read(provider.dialect.name)
    options = {
        "method": "POST",
        "url": provider.relocate(settings["base_url"]) + path,
        "params": provider.dialect.query,
        "headers": _headers(provider.dialect),
        "json": {"model": settings["default_model"], **ASKED},
        **changed,
    }
    with httpx.Client(trust_env=False) as client:
        return client.request(**options)


def _asking(provider: Provider, **changed: Any) -> Json:
    return {"model": read(provider.dialect.name)["default_model"], **ASKED, **changed}


def test_each_example_has_its_dialect() -> None:
    assert sorted(DIALECTS) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_example_settings_say_what_the_dialect_insists_on(name: str) -> None:
    dialect, settings = DIALECTS[name], read(name)
    auth = {"authorization": "bearer", "api-key": "api-key"}
    names = [auth[header] for header, _ in dialect.keys] or ["none"]
    assert settings.get("auth", "bearer") in names
    version = (
        {"api-version": settings["api_version"]} if "api_version" in settings else {}
    )
    assert dialect.query == version
    takes_arrays = settings.get("content_format", "Array") == "Array"
    assert dialect.takes_arrays == takes_arrays
    path = {"chat": "/chat/completions"}.get(
        settings.get("prompt_api", ""), "/responses"
    )
    assert f"POST {path}" in dialect.routes


def test_the_right_request_is_answered(provider: Provider) -> None:
    reply = _ask(provider)
    assert reply.status_code == 200
    assert reply.json()["choices"][0]["message"]["content"] == ECHO
    assert provider.records[-1].method == "POST"
    assert b'"one two"' in provider.bodies[-1]


def test_so_is_a_stream(provider: Provider) -> None:
    reply = _ask(provider, json=_asking(provider, stream=True))
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert reply.text.endswith("data: [DONE]\n\n")


def test_every_key_of_a_dialect_will_do(provider: Provider) -> None:
    keys = [dict([key]) for key in provider.dialect.keys] or [{}]
    assert {_ask(provider, headers=key).status_code for key in keys} == {200}


def test_no_other_key_will_do(provider: Provider) -> None:
    wrong = [
        *({name: value + "x"} for name, value in provider.dialect.keys),
        *({} for _ in provider.dialect.keys[:1]),
        *(
            {**_headers(provider.dialect), name: KEY}
            for name in KEY_HEADERS
            if name not in _headers(provider.dialect)
        ),
    ]
    replies = [_ask(provider, headers=headers) for headers in wrong]
    assert len(replies) >= 4 - len(provider.dialect.keys[:1])
    assert {reply.status_code for reply in replies} == {
        provider.dialect.wrong_key.status
    }
    name = provider.dialect.name
    if name in UNAUTHORIZED:
        assert replies[0].json() == UNAUTHORIZED[name]
    elif name == "gemini":
        assert replies[0].json()[0]["error"]["status"] == "INVALID_ARGUMENT"
    else:
        assert replies[0].json()["error"]["code"] == "401"


def test_no_other_query_will_do(provider: Provider) -> None:
    for query in ({"api-version": "2020-01-01"}, {**provider.dialect.query, "a": "b"}):
        reply = _ask(provider, params=query)
        assert reply.status_code == provider.dialect.wrong_query.status
    if provider.dialect.query:
        assert _ask(provider, params={}).json() == NO_ROUTE["azure"]


def test_an_array_is_taken_or_not(provider: Provider) -> None:
    reply = _ask(provider, json=_asking(provider, **ARRAY))
    if provider.dialect.takes_arrays:
        assert reply.json()["choices"][0]["message"]["content"] == ECHO
    else:
        assert reply.status_code == provider.dialect.wrong_content.status
    bare = _ask(provider, json={"model": "any"})
    assert bare.status_code == 400


def test_no_other_path_will_do(provider: Provider) -> None:
    replies = [_ask(provider, path=path) for path in ("/unknown", "/v1/responses")]
    replies.append(_ask(provider, url=f"{provider.origin}/chat/completions"))
    assert [reply.status_code for reply in replies] == [404] * 3
    if provider.dialect.name in NO_ROUTE:
        assert replies[0].json() == NO_ROUTE[provider.dialect.name]
    if provider.dialect.name == "ollama":
        assert replies[0].text == "404 page not found"


def test_only_json_is_taken(provider: Provider) -> None:
    reply = _ask(provider, json=None, content=b"{}")
    assert reply.status_code == provider.dialect.wrong_type.status


def test_each_tells_of_an_error_in_its_own_shape(provider: Provider) -> None:
    reply = _ask(provider, json=_asking(provider, model="error-429"))
    assert reply.status_code == 429
    if provider.dialect.name == "gemini":
        [told] = reply.json()
        assert told["error"]["details"][-1]["retryDelay"] == "0.001s"
    else:
        assert reply.json() == TOO_MANY[provider.dialect.name]
    tells_when = provider.dialect.name in ("openai", "azure", "azure-v1")
    assert ("retry-after" in reply.headers) == tells_when


def test_models_are_listed_or_not(provider: Provider) -> None:
    reply = _ask(provider, path="/models", method="GET", json=None)
    lists = "GET /models" in provider.dialect.routes
    assert reply.status_code == (200 if lists else 404)
    assert lists == (provider.dialect.name not in ("azure", "custom"))


def test_a_model_that_breaks_breaks_here_too(provider: Provider) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        _ask(provider, json=_asking(provider, model="cut"))
