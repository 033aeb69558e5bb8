"""The local upstream sends what OpenAI's OpenAPI document says that the API sends."""

import asyncio
import json
from io import BytesIO
from itertools import groupby
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from local_upstream.responses import Answer, stream
from local_upstream.server import build_app
from tests.spec import openapi
from tests.spec.openapi import Json, errors, event_schemas, undeclared
from tests.spec.streams import parse

ANSWER = Answer("gpt-4.1", "Say it in two words.", ["Zürich ", "👍"])
EVENTS = list(stream(ANSWER))
PATH = "/v1/responses"
KEY = {"authorization": "Bearer any"}
ASKED = {"model": "gpt-4.1", "input": "one two"}


def _send(method: str, path: str, **options: Any) -> tuple[int, str, bytes]:
    """Send a request to the real server; return status, content type and body."""

    async def send() -> tuple[int, str, bytes]:
        async with TestClient[web.Request, web.Application](
            TestServer(build_app(delta_seconds=0))
        ) as client:
            async with client.request(method, path, **options) as reply:
                return reply.status, reply.content_type, await reply.read()

    return asyncio.run(send())


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: str(event["type"]))
def test_each_event_satisfies_the_schema_of_its_type(event: Json) -> None:
    name = event_schemas()[event["type"]]
    assert errors(name, event) == []
    assert undeclared(name, event) == []


def test_the_order_is_that_of_the_documents_own_example() -> None:
    examples = openapi.document()["paths"]["/responses"]["post"]["x-oaiMeta"]
    [example] = [e for e in examples["examples"] if e["title"] == "Streaming"]
    # "..." stands for more deltas.
    body = example["response"].replace("\n...\n", "")
    order = [name for name, _ in parse(body.encode())]
    assert [type for type, _ in groupby(event["type"] for event in EVENTS)] == order


def test_a_delta_comes_for_each_piece_of_the_answer() -> None:
    deltas = [e["delta"] for e in EVENTS if e["type"] == "response.output_text.delta"]
    assert deltas == ANSWER.deltas


def test_sequence_numbers_rise_from_0() -> None:
    assert [e["sequence_number"] for e in EVENTS] == list(range(len(EVENTS)))


@pytest.mark.parametrize("status", ["in_progress", "completed"])
def test_the_response_object_satisfies_the_schema(status: str) -> None:
    assert errors("Response", ANSWER.response(status)) == []
    assert undeclared("Response", ANSWER.response(status)) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OutputMessage", ANSWER.item("in_progress")),
        ("OutputMessage", ANSWER.item("completed")),
        ("OutputTextContent", ANSWER.part("text")),
        ("ResponseUsage", ANSWER.usage()),
        (
            "ResponseUsage/properties/input_tokens_details",
            ANSWER.usage()["input_tokens_details"],
        ),
        (
            "ResponseUsage/properties/output_tokens_details",
            ANSWER.usage()["output_tokens_details"],
        ),
    ],
)
def test_the_parts_of_a_response_have_no_member_unknown_to_it(
    name: str, value: Json
) -> None:
    assert undeclared(name, value) == []


def test_a_streamed_body_holds_those_events() -> None:
    asked = {**ASKED, "stream": True}
    status, content_type, body = _send("POST", PATH, json=asked, headers=KEY)
    assert (status, content_type) == (200, "text/event-stream")
    events = parse(body)
    assert [name for name, _ in events] == [event["type"] for _, event in events]
    for name, event in events:
        assert errors(event_schemas()[name], event) == []


def test_a_whole_body_is_a_response() -> None:
    status, content_type, body = _send("POST", PATH, json=ASKED, headers=KEY)
    assert (status, content_type) == (200, "application/json")
    assert errors("Response", json.loads(body)) == []


@pytest.mark.parametrize(
    ("expected", "method", "path", "options"),
    [
        (400, "POST", PATH, {"data": b"{", "headers": KEY}),
        (400, "POST", PATH, {"data": b"\xff", "headers": KEY}),
        (400, "POST", PATH, {"json": [], "headers": KEY}),
        (400, "POST", PATH, {"json": {"model": "gpt-4.1"}, "headers": KEY}),
        (401, "POST", PATH, {"json": ASKED}),
        (404, "POST", "/v1/nothing", {"json": ASKED, "headers": KEY}),
        (405, "PUT", PATH, {"json": ASKED, "headers": KEY}),
        (413, "POST", PATH, {"data": BytesIO(bytes(9 << 20)), "headers": KEY}),
    ],
)
def test_an_error_has_the_apis_own_body(
    expected: int, method: str, path: str, options: Json
) -> None:
    status, content_type, body = _send(method, path, **options)
    assert (status, content_type) == (expected, "application/json")
    assert errors("ErrorResponse", json.loads(body)) == []
    assert undeclared("Error", json.loads(body)["error"]) == []
