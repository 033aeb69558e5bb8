"""The parts of a request that go up as they came: messages, tools, response format.

Checked is what every upstream needs; members beyond that are the upstream's to judge.
See: https://platform.openai.com/docs/api-reference/chat/create
"""

import re

from provider.chat.members import Members
from provider.chat.strict_json import Json
from provider.chat.tool_calls import CALLS_LIMIT

ROLES = ("developer", "system", "user", "assistant", "tool", "function")
TOOL_TYPES = ("function", "custom")
RESPONSE_FORMATS = ("text", "json_object", "json_schema")
# As many as OpenAI takes.
MESSAGES_LIMIT = PARTS_LIMIT = 2_048
TOOLS_LIMIT = 128
_SAID_WITHOUT_CONTENT = ("tool_calls", "function_call", "refusal", "audio")
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


def read_messages(asked: Members) -> tuple[Json, ...]:
    """Read `messages`; () if there are none. Raises `InvalidRequest`."""
    messages = []
    for message in asked.children("messages", MESSAGES_LIMIT):
        _check_message(message)
        messages.append(message.value)
    return tuple(messages)


def read_tools(asked: Members) -> tuple[Json, ...]:
    """Read `tools`; () if there are none. Raises `InvalidRequest`."""
    tools = []
    for tool in asked.children("tools", TOOLS_LIMIT):
        _check_tool(tool)
        tools.append(tool.value)
    return tuple(tools)


def read_response_format(asked: Members) -> Json | None:
    """Read `response_format`. Raises `InvalidRequest`."""
    wanted = asked.child("response_format")
    if wanted is None:
        return None
    wanted.require("type")
    if wanted.word("type", RESPONSE_FORMATS) == "json_schema":
        wanted.require("json_schema")
        _check_named(wanted, "json_schema")
    return wanted.value


def _check_message(message: Members) -> None:
    message.require("role")
    role = message.word("role", ROLES)
    if role == "tool":
        message.require("tool_call_id")
        message.text("tool_call_id")
    list(message.children("tool_calls", CALLS_LIMIT))
    if message.has("content"):
        _check_content(message)
    elif role != "function" and not (
        role == "assistant" and any(map(message.has, _SAID_WITHOUT_CONTENT))
    ):
        message.require("content")


def _check_content(message: Members) -> None:
    content = message.value["content"]
    if isinstance(content, str):
        return
    if not isinstance(content, list):
        raise message.refuse(
            "content", "must be a string or an array of parts", "invalid_type"
        )
    for part in message.children("content", PARTS_LIMIT):
        part.require("type")
        if part.text("type") == "text":
            part.require("text")
            part.text("text", may_be_empty=True)


def _check_tool(tool: Members) -> None:
    tool.require("type")
    kind = tool.word("type", TOOL_TYPES) or ""
    tool.require(kind)
    definition = _check_named(tool, kind)
    definition.child("parameters")


def _check_named(owner: Members, name: str) -> Members:
    """Check a definition's name: a-z, A-Z, 0-9, _ and -, up to 64."""
    definition = owner.child(name) or Members({})
    definition.require("name")
    if not _NAME.fullmatch(definition.text("name") or ""):
        raise definition.refuse(
            "name", "must be 1 to 64 of A-Z, a-z, 0-9, _ and -", "invalid_value"
        )
    return definition
