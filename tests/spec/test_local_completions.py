"""The local upstream's completions, of both kinds, satisfy the document."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.spec.local_server import Sent, send, send_all
from tests.spec.openapi import Json, errors, undeclared

CHAT = "/v1/chat/completions"
TEXT = "/v1/completions"
ASKED: Json = {"model": "gpt-4.1", "messages": [{"role": "user", "content": "one two"}]}
PROMPT: Json = {"model": "gpt-3.5-turbo-instruct", "prompt": "one two"}
ECHO = "No model here, only an echo: one two"
SCHEMA: Json = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "days": {"$ref": "#/$defs/days"}},
    "required": ["city", "days"],
    "additionalProperties": False,
    "$defs": {"days": {"type": "array", "items": {"type": "number"}, "minItems": 2}},
}
TOOLS: Json = {
    "tools": [{"type": "function", "function": {"name": "f", "parameters": SCHEMA}}],
    "tool_choice": {"type": "function", "function": {"name": "f"}},
}
DELTA = "ChatCompletionStreamResponseDelta"
SCHEMAS = {
    CHAT: ("CreateChatCompletionResponse", "CreateChatCompletionStreamResponse"),
    # A chunk is of the same form as the whole.
    TEXT: ("CreateCompletionResponse", "CreateCompletionResponse"),
}


def _create(path: str, asked: Json) -> Json:
    status, content_type, body = send("POST", path, json=asked)
    assert (status, content_type) == (200, "application/json")
    completion: Json = json.loads(body)
    assert errors(SCHEMAS[path][0], completion) == []
    assert undeclared(SCHEMAS[path][0], completion) == []
    for choice in completion["choices"] if path == CHAT else ():
        assert undeclared("ChatCompletionResponseMessage", choice["message"]) == []
    return completion


def _stream(path: str, asked: Json) -> list[Json]:
    status, content_type, body = send("POST", path, json={**asked, "stream": True})
    assert (status, content_type) == (200, "text/event-stream")
    *events, done, end = body.decode().split("\n\n")
    assert (done, end) == ("data: [DONE]", "")
    chunks = [json.loads(event.removeprefix("data: ")) for event in events]
    for chunk in chunks:
        if path == TEXT and chunk.get("usage", 0) is None:
            del chunk["usage"]  # The document knows it for chats alone.
        for choice in chunk["choices"]:
            if path == TEXT and choice["finish_reason"] is None:
                choice["finish_reason"] = "stop"  # As it is of a whole there.
        assert errors(SCHEMAS[path][1], chunk) == []
        assert undeclared(SCHEMAS[path][1], chunk) == []
        for choice in chunk["choices"] if path == CHAT else ():
            assert undeclared(DELTA, choice["delta"]) == []
    return chunks


def _joined(chunks: list[Json], index: int = 0) -> str:
    choices = [choice for chunk in chunks for choice in chunk["choices"]]
    return "".join(
        choice["delta"].get("content") or ""
        for choice in choices
        if choice["index"] == index
    )


def test_a_chat_is_answered_with_its_last_message() -> None:
    [choice] = _create(CHAT, ASKED)["choices"]
    assert choice["message"]["content"] == ECHO


def test_a_refusal_has_a_member_of_its_own() -> None:
    asked = {**ASKED, "model": "refuse"}
    [choice] = _create(CHAT, asked)["choices"]
    assert (choice["message"]["content"], choice["finish_reason"]) == (None, "stop")
    refusal = choice["message"]["refusal"]
    chunks = _stream(CHAT, asked)
    deltas = [chunk["choices"][0]["delta"] for chunk in chunks]
    assert "".join(delta.get("refusal") or "" for delta in deltas) == refusal
    assert (refusal[:13], _joined(chunks)) == ("No model here", "")


@pytest.mark.parametrize(
    ("model", "reason"), [("filter", "content_filter"), ("length", "length")]
)
def test_an_answer_can_end_before_its_end(model: str, reason: str) -> None:
    [choice] = _create(CHAT, {**ASKED, "model": model})["choices"]
    [text] = _create(TEXT, {**PROMPT, "model": model})["choices"]
    said = choice["message"]["content"]
    assert choice["finish_reason"] == text["finish_reason"] == reason
    assert ECHO.startswith(said) and 0 < len(said) < len(ECHO)
    assert text["text"] == said
    for path, asked in ((CHAT, ASKED), (TEXT, PROMPT)):
        chunks = _stream(path, {**asked, "model": model})
        assert chunks[-1]["choices"][0]["finish_reason"] == reason
    assert _joined(_stream(CHAT, {**ASKED, "model": model})) == said


@pytest.mark.parametrize("n", [1, 3])
def test_the_chunks_make_up_each_choice(n: int) -> None:
    chunks = _stream(CHAT, {**ASKED, "n": n})
    assert [_joined(chunks, index) for index in range(n)] == [ECHO] * n
    assert len({(chunk["id"], chunk["created"]) for chunk in chunks}) == 1
    assert [c["choices"][0]["finish_reason"] for c in chunks[-n:]] == ["stop"] * n
    assert chunks[0]["choices"][0]["delta"]["role"] == "assistant"


def test_choices_are_as_many_as_asked_for() -> None:
    assert [c["index"] for c in _create(CHAT, {**ASKED, "n": 3})["choices"]] == [
        0,
        1,
        2,
    ]


@pytest.mark.parametrize(("path", "asked"), [(CHAT, ASKED), (TEXT, PROMPT)])
def test_the_usage_is_a_chunk_of_its_own_if_asked_for(path: str, asked: Json) -> None:
    options = {"stream_options": {"include_usage": True}}
    *_, last = _stream(path, {**asked, **options})
    assert last["choices"] == []
    assert last["usage"] == _create(path, asked)["usage"]
    assert not any("usage" in chunk for chunk in _stream(path, asked))


def test_a_forced_call_fits_the_functions_schema() -> None:
    [choice] = _create(CHAT, ASKED | TOOLS)["choices"]
    [call] = choice["message"]["tool_calls"]
    assert (choice["finish_reason"], call["function"]["name"]) == ("tool_calls", "f")
    arguments = json.loads(call["function"]["arguments"])
    Draft202012Validator(SCHEMA).validate(arguments)


def test_a_streamed_call_is_the_same() -> None:
    [choice] = _create(CHAT, ASKED | TOOLS)["choices"]
    [call] = choice["message"]["tool_calls"]
    deltas = [chunk["choices"][0]["delta"] for chunk in _stream(CHAT, ASKED | TOOLS)]
    parts = [delta["tool_calls"][0] for delta in deltas if delta]
    assert parts[0]["function"]["name"] == "f"
    assert [part.get("id", "")[:5] for part in parts[:2]] == ["call_", ""]
    arguments = "".join(part["function"]["arguments"] for part in parts)
    assert arguments == call["function"]["arguments"]


def test_structured_output_fits_its_schema() -> None:
    wanted = {"type": "json_schema", "json_schema": {"name": "n", "schema": SCHEMA}}
    [choice] = _create(CHAT, {**ASKED, "response_format": wanted})["choices"]
    Draft202012Validator(SCHEMA).validate(json.loads(choice["message"]["content"]))


@pytest.mark.parametrize("prompt", ["one two", ["one two", "one two"]])
@pytest.mark.parametrize("n", [1, 2])
def test_each_prompt_has_its_completions(prompt: Any, n: int) -> None:
    asked = {**PROMPT, "prompt": prompt, "n": n}
    texts = [choice["text"] for choice in _create(TEXT, asked)["choices"]]
    assert texts == [ECHO] * n * (1 if isinstance(prompt, str) else len(prompt))
    chunks = _stream(TEXT, asked)
    joined = [""] * len(texts)
    for chunk in chunks:
        joined[chunk["choices"][0]["index"]] += chunk["choices"][0]["text"]
    assert joined == texts


def test_a_stream_can_fail() -> None:
    asked = {**ASKED, "model": "fail", "stream": True}
    *_, last, end = send("POST", CHAT, json=asked).body.decode().split("\n\n")
    assert errors("ErrorResponse", json.loads(last.removeprefix("data: "))) == []
    assert end == ""


def test_a_stored_chat_can_be_listed_read_changed_and_deleted() -> None:
    create: Sent = ("POST", CHAT, {"json": {**ASKED, "store": True}})
    chat_id = json.loads(send(*create[:2], **create[2]).body)["id"]
    path = f"{CHAT}/{chat_id}"
    changing = {"json": {"metadata": {"a": "b"}}}
    requests: list[Sent] = [
        ("GET", CHAT, {}),
        ("GET", path, {}),
        ("GET", f"{path}/messages", {}),
        ("POST", path, changing),
        ("DELETE", path, {}),
    ]
    created, *replies, gone = send_all(create, *requests, ("GET", path, {}))
    listed, read, said, changed, deleted = (json.loads(r.body) for r in replies)
    for name, told in (
        ("ChatCompletionList", listed),
        ("CreateChatCompletionResponse", read),
        ("CreateChatCompletionResponse", changed),
        ("ChatCompletionDeleted", deleted),
    ):
        assert errors(name, told) == []
    assert listed["data"] == [read] == [{**json.loads(created.body), "metadata": {}}]
    # The document's schema of these messages does not allow its own example of them.
    assert [(m["role"], m["content"]) for m in said["data"]] == [("user", "one two")]
    assert changed["metadata"] == {"a": "b"}
    assert gone.status == 404


def test_a_chat_need_not_be_stored() -> None:
    _, listed = send_all(("POST", CHAT, {"json": ASKED}), ("GET", CHAT, {}))
    assert json.loads(listed.body)["data"] == []
