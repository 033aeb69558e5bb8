import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openai_component.requests import build_request
from tests.unit.fakes import KEY, settings
from wire.ports import Timeouts

IDS = {"OPENAI_ORG_ID": "org-1", "OPENAI_PROJECT_ID": "proj_1"}


def test_asks_for_a_stream() -> None:
    request = build_request("Hi", settings())
    assert (request.method, request.scheme) == ("POST", "https")
    assert (request.authority, request.path_with_query) == (
        "api.openai.com",
        "/v1/responses",
    )
    assert request.body == b'{"model":"gpt-4.1","input":"Hi","stream":true}'
    assert request.timeouts == Timeouts(10, 120, 300, 130)


def test_sends_its_own_headers_and_no_others() -> None:
    assert dict(build_request("Hi", settings()).headers) == {
        "authorization": f"Bearer {KEY}".encode(),
        "content-type": b"application/json",
        "content-length": b"46",
        "accept": b"text/event-stream",
        "accept-encoding": b"identity",
        "user-agent": b"wasm-llm-proxy/0.1.0",
        "via": b"1.1 wasm-llm-proxy-d9617135d6fdd0a2",
    }


def test_names_organization_and_project() -> None:
    sent = dict(build_request("Hi", settings(**IDS)).headers)
    assert sent["openai-organization"] == b"org-1"
    assert sent["openai-project"] == b"proj_1"


@pytest.mark.parametrize(
    ("api", "path", "asked"),
    [
        (
            "chat",
            "/v1/chat/completions",
            {"messages": [{"role": "user", "content": "Hi"}]},
        ),
        ("completions", "/v1/completions", {"prompt": "Hi"}),
    ],
)
def test_asks_the_api_that_the_upstream_has(
    api: str, path: str, asked: dict[str, object]
) -> None:
    request = build_request("Hi", settings(PROXY_PROMPT_API=api))
    assert request.path_with_query == path
    assert isinstance(request.body, bytes)
    assert json.loads(request.body) == {"model": "gpt-4.1", **asked, "stream": True}


@given(st.text(min_size=1))
def test_carries_any_prompt(prompt: str) -> None:
    request = build_request(prompt, settings())
    assert isinstance(request.body, bytes)
    assert json.loads(request.body)["input"] == prompt
    assert dict(request.headers)["content-length"] == str(len(request.body)).encode()
