"""Requests in Gemini's own form: checked, and what they ask for.

See: https://ai.google.dev/api/generate-content#request-body
"""

import json
from typing import Any

from aiohttp import web

from local_upstream.asking import Json, read_object
from local_upstream.echo import echo, words
from local_upstream.errors import ApiError
from local_upstream.examples import example
from local_upstream.scripts import Script

MEMBERS = {
    "cachedContent",
    "contents",
    "generationConfig",
    "model",
    "safetySettings",
    "serviceTier",
    "store",
    "systemInstruction",
    "toolConfig",
    "tools",
}
ROLES = (None, "user", "model", "function")


async def read_request(request: web.Request) -> Json:
    """Read a request to generate content. Raises `ApiError`."""
    asked = await read_object(request)
    for name in asked:
        if name not in MEMBERS:
            message = f'Unknown name "{name}": Cannot find field.'
            raise ApiError(400, f"Invalid JSON payload received. {message}")
    contents = asked.get("contents")
    if not isinstance(contents, list) or not contents:
        raise _wrong("contents", "contents is not specified")
    for number, content in enumerate(contents):
        _check_content(content, f"contents[{number}]")
    if "systemInstruction" in asked:
        _check_content(asked["systemInstruction"], "system_instruction")
    return asked


def prompt_of(asked: Json) -> str:
    """Return the text of what was said last."""
    return "".join(map(_text, asked["contents"][-1]["parts"]))


def answer_parts(asked: Json, script: Script) -> list[Json]:
    """Return the pieces of the answer: of a text, or one function call."""
    prompt = prompt_of(asked)
    call = None if script.ending else _forced_call(asked, prompt)
    if call:
        return [{"functionCall": call}]
    deltas = _deltas(asked.get("generationConfig") or {}, prompt)
    deltas = deltas[: len(deltas) // 2] if script.is_cut_short else deltas
    return [{"text": delta} for delta in deltas]


def _deltas(wanted: Json, prompt: str) -> list[str]:
    schema = wanted.get("responseJsonSchema", wanted.get("responseSchema"))
    return echo(prompt) if schema is None else words(example(_lowered(schema), prompt))


def _check_content(content: Any, name: str) -> None:
    parts = content.get("parts") if isinstance(content, dict) else None
    if not isinstance(parts, list) or not parts:
        raise _wrong(f"{name}.parts", "contents.parts must not be empty.")
    if not all(isinstance(part, dict) and part for part in parts):
        raise _wrong(f"{name}.parts", "must have one initialized field")
    if content.get("role") not in ROLES:
        raise ApiError(400, "Please use a valid role: user, model.")


def _wrong(name: str, message: str) -> ApiError:
    return ApiError(400, f"* GenerateContentRequest.{name}: {message}\n")


def _text(part: Json) -> str:
    found = part.get("text", f"[{next(iter(part))}]")
    return str(found)


def _forced_call(asked: Json, prompt: str) -> Json | None:
    """Return the call that `toolConfig` asks for."""
    config = (asked.get("toolConfig") or {}).get("functionCallingConfig") or {}
    tools = asked.get("tools") or ()
    functions = [f for tool in tools for f in tool.get("functionDeclarations") or ()]
    if config.get("mode") != "ANY" or not functions:
        return None
    allowed = config.get("allowedFunctionNames") or [functions[0]["name"]]
    for function in functions:
        if function["name"] in allowed:
            return _call(function, prompt)
    raise ApiError(400, "allowed_function_names names no declared function.")


def _call(function: Json, prompt: str) -> Json:
    schema = function.get("parametersJsonSchema", function.get("parameters"))
    schema = _lowered(schema or {"type": "object"})
    return {"name": function["name"], "args": json.loads(example(schema, prompt))}


def _lowered(schema: Any) -> Any:
    """Return a schema with JSON Schema's types, which Gemini writes in capitals."""
    if isinstance(schema, list):
        return [_lowered(member) for member in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: value.lower()
        if name == "type" and isinstance(value, str)
        else _lowered(value)
        for name, value in schema.items()
    }
