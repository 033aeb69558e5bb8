"""A value that fits a JSON schema: what is answered where an answer must be JSON.

It knows what the API's structured outputs allow.
See: https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
"""

import json
from dataclasses import dataclass
from typing import Any

from local_upstream.asking import Json

DEPTH_LIMIT = 8
"""From here on whatever may be left out is, so that a recursive schema ends."""
FORMATS = {
    "date-time": "2023-11-14T22:13:20Z",
    "date": "2023-11-14",
    "time": "22:13:20Z",
    "duration": "PT1S",
    "email": "nobody@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uuid": "00000000-0000-4000-8000-000000000000",
}


def example(schema: Json, text: str) -> str:
    """Encode a value that fits `schema`; its strings are `text` where they may be."""
    value = _Example(schema, text).of(schema, 0)
    return json.dumps(value, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class _Example:
    root: Json
    text: str

    def of(self, schema: Json, depth: int) -> Any:
        if "$ref" in schema:
            return self.of(self._find(schema["$ref"]), depth)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return schema["enum"][0]
        for name in ("anyOf", "oneOf", "allOf"):
            if name in schema:
                return self._choice(schema[name], depth)
        return self._typed(schema, depth)

    def _find(self, reference: str) -> Json:
        found: Any = self.root
        for name in reference.removeprefix("#").strip("/").split("/"):
            found = found[name] if name else found
        return dict(found)

    def _choice(self, schemas: list[Json], depth: int) -> Any:
        null = {"type": "null"}
        is_deep = depth >= DEPTH_LIMIT and null in schemas
        return self.of(null if is_deep else schemas[0], depth)

    def _typed(self, schema: Json, depth: int) -> Any:
        type = schema.get("type", "object" if "properties" in schema else "string")
        if isinstance(type, list):
            type = "null" if depth >= DEPTH_LIMIT and "null" in type else type[0]
        match type:
            case "object":
                return self._object(schema, depth)
            case "array":
                return self._array(schema, depth)
            case "integer" | "number":
                return _number(schema)
            case "boolean":
                return True
            case "null":
                return None
        return self._string(schema)

    def _object(self, schema: Json, depth: int) -> Json:
        members: Json = schema.get("properties", {})
        if depth >= DEPTH_LIMIT:
            members = {name: members[name] for name in schema.get("required", ())}
        return {name: self.of(value, depth + 1) for name, value in members.items()}

    def _array(self, schema: Json, depth: int) -> list[Any]:
        least = int(schema.get("minItems", 0 if depth >= DEPTH_LIMIT else 1))
        count = min(least, schema.get("maxItems", least))
        return [self.of(schema.get("items", {}), depth + 1) for _ in range(count)]

    def _string(self, schema: Json) -> str:
        if schema.get("format") in FORMATS:
            return FORMATS[schema["format"]]
        text = self.text.ljust(schema.get("minLength", 0), ".")
        return text[: schema.get("maxLength", len(text))]


def _number(schema: Json) -> Any:
    """Return the least number that fits, 0 where there is no least one."""
    step = schema.get("multipleOf", 1)
    if "exclusiveMinimum" in schema:
        return (schema["exclusiveMinimum"] // step + 1) * step
    if "minimum" in schema:
        return -(-schema["minimum"] // step) * step
    most: Any = schema.get("maximum", schema.get("exclusiveMaximum", step))
    return min(0, (most - 1) // step * step)
