"""The oracle itself: it sees what is wrong, and is loose only where it says so."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.spec import openapi
from tests.spec.openapi import Json

USED = ("CreateResponse", "ErrorResponse", "Response", "ResponseStreamEvent")


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


def test_no_schema_in_use_says_nullable() -> None:
    # OpenAPI 3.0's word, which JSON Schema does not know: a validator passes over it,
    # and a null would be an error. Where it turns up, `openapi` has to translate it.
    for name in _reached(USED):
        assert "nullable" not in set(_keys(openapi.schema(name))), name


def _reached(names: tuple[str, ...]) -> set[str]:
    """Return the schemas that these refer to, and those that they refer to in turn."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _references(openapi.schema(name))
    return found


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"].rpartition("/")[2]
        value = list(value.values())
    if isinstance(value, list):
        for member in value:
            yield from _references(member)


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        value = list(value.values())
    if isinstance(value, list):
        for member in value:
            yield from _keys(member)
