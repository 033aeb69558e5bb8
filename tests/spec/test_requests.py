"""The provider asks what OpenAI's OpenAPI document lets it ask."""

import json

import pytest

from openai_component.requests import build_request
from tests.spec.openapi import Json, document, errors, undeclared
from tests.unit.fakes import settings

SETTINGS = settings()


def _body(prompt: str) -> Json:
    sent = build_request(prompt, SETTINGS).body
    assert isinstance(sent, bytes)
    body: Json = json.loads(sent)
    return body


@pytest.mark.parametrize("prompt", ["Hello", "", 'Zürich\n"👍"\x00'])
def test_the_body_satisfies_the_schema(prompt: str) -> None:
    assert errors("CreateResponse", _body(prompt)) == []
    assert undeclared("CreateResponse", _body(prompt)) == []


def test_the_path_is_the_documents() -> None:
    request = build_request("Hello", SETTINGS)
    [server] = document()["servers"]
    assert "post" in document()["paths"]["/responses"]
    url = f"{request.scheme}://{request.authority}{request.path_with_query}"
    assert url == f"{server['url']}/responses"
