"""The local upstream's Gemini speaks as OpenAI does, in its own way."""

import json
from typing import Any

import pytest

from tests.spec.local_server import Answered, send
from tests.spec.openapi import Json, errors

BASE = "/v1beta/openai"
CHAT = f"{BASE}/chat/completions"
MODEL = "gemini-2.5-flash"
ASKED: Json = {"model": MODEL, "messages": [{"role": "user", "content": "one two"}]}
ECHO = "No model here, only an echo: one two"
TOOLS: Json = {
    "tools": [{"type": "function", "function": {"name": "f"}}],
    "tool_choice": "required",
}


def _create(asked: Json) -> Json:
    status, content_type, body = send("POST", CHAT, json=asked)
    assert (status, content_type) == (200, "application/json")
    completion: Json = json.loads(body)
    [choice] = completion["choices"]
    # These are required by the document, and Gemini leaves them out.
    choice.setdefault("logprobs", None)
    choice["message"] = {"content": None, "refusal": None, **choice["message"]}
    assert errors("CreateChatCompletionResponse", completion) == []
    return completion


def _stream(asked: Json) -> list[Json]:
    reply = send("POST", CHAT, json={**asked, "stream": True})
    assert (reply.status, reply.content_type) == (200, "text/event-stream")
    *events, done, end = reply.body.decode().split("\n\n")
    assert (done, end) == ("data: [DONE]", "")
    return [json.loads(event.removeprefix("data: ")) for event in events]


def _choice(chunk: Json) -> Json:
    [choice] = chunk["choices"]
    return dict(choice)


def _told(reply: Answered) -> Json:
    [told] = json.loads(reply.body)
    assert list(told) == ["error"]
    assert told["error"]["code"] == reply.status
    return dict(told["error"])


@pytest.mark.parametrize("model", [MODEL, f"models/{MODEL}"])
def test_a_text_comes_in_few_chunks(model: str) -> None:
    chunks = _stream({**ASKED, "model": model})
    texts = [_choice(chunk)["delta"]["content"] for chunk in chunks]
    [choice] = _create(ASKED)["choices"]
    assert "".join(texts) == choice["message"]["content"] == ECHO
    assert len(chunks) == 3
    assert {chunk["model"] for chunk in chunks} == {MODEL}
    assert {_choice(chunk)["delta"]["role"] for chunk in chunks} == {"assistant"}
    reasons = [_choice(chunk).get("finish_reason") for chunk in chunks]
    assert reasons == [None, None, "stop"]


def test_the_usage_so_far_is_in_every_chunk() -> None:
    chunks = _stream({**ASKED, "stream_options": {"include_usage": True}})
    counts = [chunk["usage"]["completion_tokens"] for chunk in chunks]
    assert counts == sorted(set(counts))
    assert chunks[-1]["usage"] == _create(ASKED)["usage"]
    assert not any("usage" in chunk for chunk in _stream(ASKED))


def test_a_call_comes_whole_without_an_index_and_ends_with_stop() -> None:
    [choice] = _create(ASKED | TOOLS)["choices"]
    first, last = map(_choice, _stream(ASKED | TOOLS))
    assert choice["finish_reason"] == "tool_calls"
    [streamed], [call] = first["delta"]["tool_calls"], choice["message"]["tool_calls"]
    assert streamed["function"] == call["function"] == {"name": "f", "arguments": "{}"}
    assert set(streamed) == {"id", "type", "function"}
    assert (last["delta"], last["finish_reason"]) == ({"role": "assistant"}, "stop")


@pytest.mark.parametrize(
    ("model", "reason"), [("filter", "content_filter"), ("length", "length")]
)
def test_an_answer_can_end_before_its_end(model: str, reason: str) -> None:
    chunks = _stream({**ASKED, "model": model})
    assert _choice(chunks[-1])["finish_reason"] == reason
    assert _create({**ASKED, "model": model})["choices"][0]["finish_reason"] == reason


def test_a_refused_prompt_has_no_text() -> None:
    [chunk] = _stream({**ASKED, "model": "refuse"})
    assert _choice(chunk)["finish_reason"] == "content_filter"
    assert "content" not in _choice(chunk)["delta"]
    [choice] = _create({**ASKED, "model": "refuse"})["choices"]
    assert (choice["finish_reason"], choice["message"]["content"]) == (
        "content_filter",
        None,
    )


def test_the_models_have_the_ids_of_geminis_own_api() -> None:
    listed = json.loads(send("GET", f"{BASE}/models").body)
    ids = [model["id"] for model in listed["data"]]
    assert f"models/{MODEL}" in ids
    for name in (MODEL, f"models/{MODEL}"):
        reply = send("GET", f"{BASE}/models/{name}")
        assert json.loads(reply.body) in listed["data"]
    unknown = send("GET", f"{BASE}/models/unknown")
    assert (unknown.status, _told(unknown)["status"]) == (404, "NOT_FOUND")


def test_embeddings_are_openais() -> None:
    asked = {"model": "gemini-embedding-001", "input": "one"}
    reply = send("POST", f"{BASE}/embeddings", json=asked)
    [found] = json.loads(reply.body)["data"]
    assert (reply.status, found["object"]) == (200, "embedding")


@pytest.mark.parametrize(
    ("status", "word", "options"),
    [
        (400, "INVALID_ARGUMENT", {"headers": {}}),
        (400, "INVALID_ARGUMENT", {"headers": {"x-goog-api-key": "any"}}),
        (400, "INVALID_ARGUMENT", {"params": {"key": "any"}}),
        (400, "INVALID_ARGUMENT", {"json": {"model": MODEL}}),
        (429, "RESOURCE_EXHAUSTED", {"json": {**ASKED, "model": "error-429"}}),
        (503, "UNAVAILABLE", {"json": {**ASKED, "model": "error-503"}}),
    ],
)
def test_an_error_is_in_an_array(status: int, word: str, options: Any) -> None:
    reply = send("POST", CHAT, **{"json": ASKED, **options})
    assert (reply.status, _told(reply)["status"]) == (status, word)
    assert reply.content_type == "application/json"


def test_a_stream_can_fail() -> None:
    asked = {**ASKED, "model": "fail", "stream": True}
    *_, last, end = send("POST", CHAT, json=asked).body.decode().split("\n\n")
    assert json.loads(last.removeprefix("data: "))["error"]["status"] == "UNAVAILABLE"
    assert end == ""
