"""The local upstream's Gemini satisfies Google's discovery document."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from local_upstream.gemini import ROUTES
from tests.spec.discovery import method_paths, problems
from tests.spec.local_server import Answered, send
from tests.spec.openapi import Json

MODEL = "gemini-2.5-flash"
KEY = {"x-goog-api-key": "any"}
SSE = {"alt": "sse"}
ECHO = "No model here, only an echo: one two"
ASKED: Json = {
    "contents": [
        {"role": "user", "parts": [{"text": "before"}]},
        {"role": "model", "parts": [{"text": "then"}]},
        {"role": "user", "parts": [{"text": "one "}, {"text": "two"}]},
    ],
    "systemInstruction": {"parts": [{"text": "Be brief."}]},
    "generationConfig": {"temperature": 0.5, "maxOutputTokens": 100},
}
SCHEMA: Json = {
    "type": "OBJECT",
    "properties": {"city": {"type": "STRING"}, "days": {"type": "INTEGER"}},
    "required": ["city", "days"],
}
TOOLS: Json = {
    "tools": [{"functionDeclarations": [{"name": "f", "parameters": SCHEMA}]}],
    "toolConfig": {"functionCallingConfig": {"mode": "ANY"}},
}


def _send(method: str, asked: Any, model: str = MODEL, **options: Any) -> Answered:
    path = f"/v1beta/models/{model}:{method}"
    return send("POST", path, **{"headers": KEY, "json": asked, **options})


def _whole(asked: Json, model: str = MODEL) -> Json:
    status, content_type, body = _send("generateContent", asked, model)
    assert (status, content_type) == (200, "application/json")
    reply: Json = json.loads(body)
    assert problems("GenerateContentResponse", reply) == []
    return reply


def _stream(asked: Json, model: str = MODEL) -> list[Json]:
    reply = _send("streamGenerateContent", asked, model, params=SSE)
    assert (reply.status, reply.content_type) == (200, "text/event-stream")
    *events, end = reply.body.decode().split("\r\n\r\n")
    assert (end, reply.body.count(b"\r"), reply.body.count(b"\n")) == (
        "",
        2 * len(events),
        2 * len(events),
    )
    frames = [json.loads(event.removeprefix("data: ")) for event in events]
    for frame in frames:
        assert problems("GenerateContentResponse", frame) == []
    return frames


def _text(reply: Json) -> str:
    [candidate] = reply["candidates"]
    return "".join(part["text"] for part in candidate["content"]["parts"])


def _reason(reply: Json) -> str | None:
    reason: str | None = reply["candidates"][0].get("finishReason")
    return reason


def test_every_route_is_one_of_the_documents() -> None:
    names = "{model:[^/:]+}", "{modelsId}"
    assert ROUTES
    for route in ROUTES:
        assert (route.method, route.path.replace(*names)) in method_paths()


def test_what_these_tests_ask_satisfies_the_document() -> None:
    for asked in (ASKED, ASKED | TOOLS):
        assert problems("GenerateContentRequest", asked) == []
    assert problems("GenerateContentRequest", {"messages": []}) != []


def test_the_frames_make_up_the_answer() -> None:
    frames = _stream(ASKED)
    assert "".join(map(_text, frames)) == _text(_whole(ASKED)) == ECHO
    assert [_reason(frame) for frame in frames[:-1]] == [None] * (len(frames) - 1)
    assert _reason(frames[-1]) == _reason(_whole(ASKED)) == "STOP"
    told = {(frame["modelVersion"], frame["responseId"]) for frame in frames}
    assert [model for model, _ in told] == [MODEL]


def test_the_counts_are_of_all_so_far() -> None:
    counts = [frame["usageMetadata"] for frame in _stream(ASKED)]
    assert [c["candidatesTokenCount"] for c in counts] == list(
        range(1, len(counts) + 1)
    )
    for count in counts:
        assert count["totalTokenCount"] == sum(
            count[f"{kind}TokenCount"] for kind in ("prompt", "candidates", "thoughts")
        )
    assert counts[-1] == _whole(ASKED)["usageMetadata"]


def test_without_alt_the_stream_is_one_array() -> None:
    status, content_type, body = _send("streamGenerateContent", ASKED)
    assert (status, content_type) == (200, "application/json")
    frames = json.loads(body)
    assert frames[:-1] and "".join(map(_text, frames)) == ECHO
    for frame in frames:
        assert problems("GenerateContentResponse", frame) == []


@pytest.mark.parametrize("named", [{}, {"allowedFunctionNames": ["f"]}])
def test_a_forced_call_comes_whole(named: Json) -> None:
    config = {"functionCallingConfig": {"mode": "ANY", **named}}
    asked = {**ASKED, **TOOLS, "toolConfig": config}
    [frame] = _stream(asked)
    [part] = frame["candidates"][0]["content"]["parts"]
    assert (part["functionCall"]["name"], _reason(frame)) == ("f", "STOP")
    assert part["functionCall"]["args"] == {"city": "one two", "days": 0}
    assert _whole(asked)["candidates"] == frame["candidates"]


def test_structured_output_fits_its_schema() -> None:
    wanted = {"responseMimeType": "application/json", "responseSchema": SCHEMA}
    answered = json.loads(_text(_whole({**ASKED, "generationConfig": wanted})))
    types = {"city": {"type": "string"}, "days": {"type": "integer"}}
    Draft202012Validator({"properties": types, "required": list(types)}).validate(
        answered
    )


@pytest.mark.parametrize(
    ("model", "reason"), [("filter", "SAFETY"), ("length", "MAX_TOKENS")]
)
def test_an_answer_can_end_before_its_end(model: str, reason: str) -> None:
    frames = _stream(ASKED, model)
    said = "".join(map(_text, frames))
    assert ECHO.startswith(said) and 0 < len(said) < len(ECHO)
    assert _reason(frames[-1]) == reason


def test_a_refused_prompt_has_no_candidates() -> None:
    [frame] = _stream(ASKED, "refuse")
    assert frame["promptFeedback"] == {"blockReason": "SAFETY"}
    assert "candidates" not in frame


@pytest.mark.parametrize(
    ("status", "word", "options"),
    [
        (400, "INVALID_ARGUMENT", {"params": {"key": "any"}}),
        (400, "INVALID_ARGUMENT", {"data": b"{", "json": None}),
        (400, "INVALID_ARGUMENT", {"json": {"contents": []}}),
        (400, "INVALID_ARGUMENT", {"json": {**ASKED, "messages": []}}),
        (400, "INVALID_ARGUMENT", {"json": {"contents": [{"role": "user"}]}}),
        (400, "INVALID_ARGUMENT", {"json": {"contents": [{"parts": [{}]}]}}),
        (
            400,
            "INVALID_ARGUMENT",
            {"json": {"contents": [{"role": "assistant", "parts": [{"text": "a"}]}]}},
        ),
        (
            400,
            "INVALID_ARGUMENT",
            {"json": {**ASKED, "systemInstruction": "Be brief."}},
        ),
        (401, "UNAUTHENTICATED", {"headers": {**KEY, "authorization": "Bearer any"}}),
        (403, "PERMISSION_DENIED", {"headers": {}}),
    ],
)
def test_a_wrong_request_is_told_so(status: int, word: str, options: Json) -> None:
    found, content_type, body = _send("generateContent", ASKED, **options)
    assert (found, content_type) == (status, "application/json")
    error = json.loads(body)["error"]
    assert (error["code"], error["status"]) == (status, word)
    assert error["message"]


def test_a_quota_tells_in_the_body_when_to_ask_again() -> None:
    body = _send("generateContent", ASKED, "error-429").body
    error = json.loads(body)["error"]
    assert (error["code"], error["status"]) == (429, "RESOURCE_EXHAUSTED")
    [info] = [d for d in error["details"] if d["@type"].endswith(".RetryInfo")]
    assert info["retryDelay"] == "0.001s"
    busy = json.loads(_send("generateContent", ASKED, "error-503").body)["error"]
    assert (busy["status"], "details" in busy) == ("UNAVAILABLE", False)


def test_where_an_array_is_asked_for_the_error_is_in_one() -> None:
    [told] = json.loads(_send("streamGenerateContent", ASKED, "error-503").body)
    body = _send("streamGenerateContent", ASKED, "error-503", params=SSE).body
    assert json.loads(body) == told


def test_a_stream_can_fail() -> None:
    body = _send("streamGenerateContent", ASKED, "fail", params=SSE).body.decode()
    *_, last, end = body.split("\r\n\r\n")
    assert json.loads(last.removeprefix("data: "))["error"]["status"] == "UNAVAILABLE"
    assert end == ""
    *_, told = json.loads(_send("streamGenerateContent", ASKED, "fail").body)
    assert told["error"]["code"] == 503
