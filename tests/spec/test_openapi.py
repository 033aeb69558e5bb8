"""The oracle itself: it sees what is wrong, and is loose only where it says so."""

import json

import pytest

from tests.spec import openapi
from tests.spec.openapi import Json


def _example(name: str) -> Json:
    example: Json = json.loads(openapi.schema(name)["x-oaiMeta"]["example"])
    return example


def test_the_documents_own_examples_have_null_where_its_types_have_none() -> None:
    response = _example("ResponseCreatedEvent")["response"]
    assert [response[name] for name in openapi.NULLABLE] == [None, None]


def test_the_documents_own_examples_have_the_member_its_schema_lacks() -> None:
    response = _example("ResponseCreatedEvent")["response"]
    assert openapi.UNDOCUMENTED["Response"] <= response.keys()


def test_the_documents_own_example_satisfies_its_loosened_schema() -> None:
    event = _example("ResponseCreatedEvent")
    assert openapi.errors("ResponseCreatedEvent", event) == []


@pytest.mark.parametrize("name", ["id", "output", "parallel_tool_calls"])
def test_a_missing_member_is_seen(name: str) -> None:
    event = _example("ResponseCreatedEvent")
    del event["response"][name]
    assert openapi.errors("ResponseCreatedEvent", event)


def test_null_is_an_error_where_the_document_has_not_said_it() -> None:
    event = _example("ResponseCreatedEvent")
    event["response"]["model"] = None
    assert openapi.errors("ResponseCreatedEvent", event)


def test_a_misspelt_member_is_seen() -> None:
    event = _example("ResponseCreatedEvent")
    assert openapi.undeclared("ResponseCreatedEvent", event) == []
    assert openapi.undeclared("ResponseCreatedEvent", {**event, "sequense": 1})


def test_nullable_is_understood() -> None:
    choice = {"index": 0, "delta": {}, "logprobs": None, "finish_reason": None}
    chunk = {
        "id": "a",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "m",
        "choices": [choice],
        "usage": None,
    }
    assert openapi.errors("CreateChatCompletionStreamResponse", chunk) == []
    choice["index"] = None
    assert openapi.errors("CreateChatCompletionStreamResponse", chunk)
