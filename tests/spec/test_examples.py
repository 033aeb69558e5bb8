"""The local upstream's structured outputs fit their schemas."""

import json

import pytest
from jsonschema import Draft202012Validator

from local_upstream.examples import FORMATS, example
from tests.spec.openapi import Json

TREE: Json = {
    "$ref": "#/$defs/node",
    "$defs": {
        "node": {
            "type": "object",
            "properties": {
                "name": {"type": "string"},
                "parent": {"anyOf": [{"$ref": "#/$defs/node"}, {"type": "null"}]},
                "children": {"type": "array", "items": {"$ref": "#"}},
            },
            "required": ["name", "parent", "children"],
            "additionalProperties": False,
        }
    },
}
SCHEMAS: list[Json] = [
    TREE,
    {},
    {"const": 7},
    {"enum": ["b", "a"]},
    {"type": ["string", "null"]},
    {"type": "null"},
    {"type": "boolean"},
    {"type": "string", "minLength": 60},
    {"type": "string", "maxLength": 3},
    {"type": "integer"},
    {"type": "integer", "minimum": 5, "multipleOf": 3},
    {"type": "integer", "exclusiveMinimum": 6, "multipleOf": 3},
    {"type": "integer", "maximum": -5},
    {"type": "integer", "exclusiveMaximum": -5, "multipleOf": 4},
    {"type": "number", "minimum": 0.5},
    {"type": "array", "items": {"type": "integer"}, "minItems": 3},
    {"type": "array", "items": {"type": "integer"}, "maxItems": 0},
    {"oneOf": [{"type": "integer"}, {"type": "string"}]},
    {"properties": {"a": {"type": "string"}}, "required": ["a"]},
    *({"type": "string", "format": name} for name in FORMATS),
]


@pytest.mark.parametrize("schema", SCHEMAS, ids=str)
def test_an_example_fits_its_schema(schema: Json) -> None:
    value = json.loads(example(schema, "an echo"))
    checker = Draft202012Validator.FORMAT_CHECKER
    Draft202012Validator(schema, format_checker=checker).validate(value)


def test_an_integer_is_written_as_one() -> None:
    assert example({"type": "integer", "exclusiveMinimum": 5}, "") == "6"
