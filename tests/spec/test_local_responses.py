"""The local upstream's responses and their streams satisfy the document."""

import json
from itertools import groupby
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from local_upstream.items import FunctionCall
from local_upstream.responses import Answer, failure, stream
from local_upstream.tools import Call
from tests.spec import openapi
from tests.spec.local_server import Sent, send, send_all
from tests.spec.openapi import Json, errors, event_schemas, undeclared
from tests.spec.streams import parse

ANSWER = Answer("gpt-4.1", "Say it in two words.", ["Zürich ", "👍"])
CALL = Answer("gpt-4.1", "Call it.", [], Call("look_up", '{"city": "Zürich"}'))
EVENTS = list(stream(ANSWER))
CALL_EVENTS = list(stream(CALL))
PATH = "/v1/responses"
ASKED = {"model": "gpt-4.1", "input": "one two"}
SCHEMA: Json = {
    "type": "object",
    "properties": {
        "city": {"type": "string"},
        "days": {"type": "integer", "minimum": 3},
        "unit": {"enum": ["C", "F"]},
    },
    "required": ["city", "days", "unit"],
    "additionalProperties": False,
}
TOOL = {"type": "function", "name": "look_up", "strict": True, "parameters": SCHEMA}
CONVERSATION = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": [{"type": "input_text", "text": "one two"}]},
    {"type": "function_call", "call_id": "c", "name": "look_up", "arguments": "{}"},
    {"type": "function_call_output", "call_id": "c", "output": "three four"},
]


@pytest.mark.parametrize(
    "event",
    [*EVENTS, *CALL_EVENTS, failure(ANSWER)],
    ids=lambda event: str(event["type"]),
)
def test_each_event_satisfies_the_schema_of_its_type(event: Json) -> None:
    name = event_schemas()[event["type"]]
    assert errors(name, event) == []
    assert undeclared(name, event) == []


def _order(events: list[Json]) -> list[str]:
    return [type for type, _ in groupby(event["type"] for event in events)]


def test_the_order_is_that_of_the_documents_own_example() -> None:
    examples = openapi.document()["paths"]["/responses"]["post"]["x-oaiMeta"]
    [example] = [e for e in examples["examples"] if e["title"] == "Streaming"]
    # "..." stands for more deltas.
    body = example["response"].replace("\n...\n", "")
    assert _order(EVENTS) == [name for name, _ in parse(body.encode())]


def test_a_call_comes_in_the_order_that_its_texts_tell_of() -> None:
    assert _order(CALL_EVENTS) == [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.function_call_arguments.delta",
        "response.function_call_arguments.done",
        "response.output_item.done",
        "response.completed",
    ]


def test_a_delta_comes_for_each_piece_of_the_answer() -> None:
    deltas = [e["delta"] for e in EVENTS if e["type"] == "response.output_text.delta"]
    assert deltas == ANSWER.deltas


def test_a_calls_deltas_make_up_its_arguments() -> None:
    deltas = [e["delta"] for e in CALL_EVENTS if e["type"].endswith("arguments.delta")]
    assert len(deltas) > 1
    assert json.loads("".join(deltas)) == {"city": "Zürich"}


def test_sequence_numbers_rise_from_0() -> None:
    for events in (EVENTS, CALL_EVENTS):
        assert [e["sequence_number"] for e in events] == list(range(len(events)))


@pytest.mark.parametrize("answer", [ANSWER, CALL])
@pytest.mark.parametrize("status", ["in_progress", "completed", "failed"])
def test_the_response_object_satisfies_the_schema(status: str, answer: Answer) -> None:
    assert errors("Response", answer.response(status)) == []
    assert undeclared("Response", answer.response(status)) == []


def _parts() -> list[tuple[str, Json]]:
    message, call, usage = ANSWER.output, CALL.output, ANSWER.usage()
    assert not isinstance(message, FunctionCall)
    details = "ResponseUsage/properties/{}put_tokens_details"
    return [
        ("OutputMessage", message.item("in_progress")),
        ("OutputMessage", message.item("completed")),
        ("OutputTextContent", message.part("text")),
        ("FunctionToolCall", call.item("in_progress")),
        ("FunctionToolCall", call.item("completed")),
        ("ResponseUsage", usage),
        (details.format("in"), usage["input_tokens_details"]),
        (details.format("out"), usage["output_tokens_details"]),
    ]


@pytest.mark.parametrize(("name", "value"), _parts())
def test_the_parts_of_a_response_have_no_member_unknown_to_it(
    name: str, value: Json
) -> None:
    assert undeclared(name, value) == []


def _create(**more: Any) -> Json:
    status, content_type, body = send("POST", PATH, json={**ASKED, **more})
    assert (status, content_type) == (200, "application/json")
    response: Json = json.loads(body)
    assert errors("Response", response) == []
    return response


@pytest.mark.parametrize(
    "more", [{}, {"tools": [TOOL], "tool_choice": "required"}, {"model": "fail"}]
)
def test_a_streamed_body_holds_those_events(more: Json) -> None:
    asked = {**ASKED, "stream": True, **more}
    status, content_type, body = send("POST", PATH, json=asked)
    assert (status, content_type) == (200, "text/event-stream")
    for number, (name, event) in enumerate(parse(body)):
        assert (name, number) == (event["type"], event["sequence_number"])
        assert errors(event_schemas()[name], event) == []


def test_a_whole_body_is_a_response() -> None:
    response = _create()
    text = response["output"][0]["content"][0]["text"]
    assert text == "No model here, only an echo: one two"


def test_a_response_tells_what_was_asked() -> None:
    response = _create(instructions="Be brief.", metadata={"a": "b"}, top_p=0.5)
    said = [response[name] for name in ("instructions", "metadata", "top_p")]
    assert said == ["Be brief.", {"a": "b"}, 0.5]


@pytest.mark.parametrize(
    "choice", ["required", {"type": "function", "name": "look_up"}]
)
def test_a_forced_call_fits_the_functions_schema(choice: Any) -> None:
    [item] = _create(tools=[TOOL], tool_choice=choice)["output"]
    assert (item["type"], item["name"]) == ("function_call", "look_up")
    Draft202012Validator(SCHEMA).validate(json.loads(item["arguments"]))


def test_a_call_is_not_made_unless_it_is_forced() -> None:
    assert _create(tools=[TOOL])["output"][0]["type"] == "message"


def test_an_unknown_function_cannot_be_forced() -> None:
    choice = {"type": "function", "name": "other"}
    asked = {**ASKED, "tools": [TOOL], "tool_choice": choice}
    assert send("POST", PATH, json=asked).status == 400


def test_structured_output_fits_its_schema() -> None:
    format = {"type": "json_schema", "name": "weather", "schema": SCHEMA}
    [item] = _create(text={"format": format})["output"]
    Draft202012Validator(SCHEMA).validate(json.loads(item["content"][0]["text"]))


def _stored(asked: Json) -> tuple[str, Json]:
    """Return the path of the response to a request, and the response."""
    response = json.loads(send("POST", PATH, json=asked).body)
    return f"{PATH}/{response['id']}", response


def test_a_stored_response_can_be_read_and_deleted() -> None:
    path, created = _stored(ASKED)
    create: Sent = ("POST", PATH, {"json": ASKED})
    get: Sent = ("GET", path, {})
    delete: Sent = ("DELETE", path, {})
    _, read, deleted, gone = send_all(create, get, delete, get)
    assert json.loads(read.body) == created
    assert json.loads(deleted.body) == {
        "id": created["id"],
        "object": "response",
        "deleted": True,
    }
    assert gone.status == 404


def test_a_stored_response_can_be_streamed() -> None:
    path, created = _stored(ASKED)
    streamed: Sent = ("GET", f"{path}?stream=true", {})
    _, answered = send_all(("POST", PATH, {"json": ASKED}), streamed)
    assert parse(answered.body)[-1][1]["response"] == created


def test_a_response_need_not_be_stored() -> None:
    asked = {**ASKED, "store": False}
    path, _ = _stored(asked)
    _, answered = send_all(("POST", PATH, {"json": asked}), ("GET", path, {}))
    assert answered.status == 404


@pytest.mark.parametrize("given", ["one two", CONVERSATION])
def test_input_items_satisfy_the_schema(given: Any) -> None:
    asked = {**ASKED, "input": given}
    path, _ = _stored(asked)
    items: Sent = ("GET", f"{path}/input_items", {})
    _, answered = send_all(("POST", PATH, {"json": asked}), items)
    listed = json.loads(answered.body)
    assert errors("ResponseItemList", listed) == []
    assert len(listed["data"]) == (1 if isinstance(given, str) else len(given))


@pytest.mark.parametrize("counted", [ASKED, {**ASKED, "input": CONVERSATION}])
def test_input_tokens_are_counted(counted: Json) -> None:
    [answered] = send_all(("POST", f"{PATH}/input_tokens", {"json": counted}))
    assert errors("TokenCountsResource", json.loads(answered.body)) == []
