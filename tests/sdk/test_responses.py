"""The Responses API through the Python client."""

import json
from typing import Any

import pytest
from openai import NotFoundError, OpenAI

from tests.sdk.asked import MODEL, PROMPT, Forecast, look_up
from tests.sdk.pair import Pair

ECHO = f"No model here, only an echo: {PROMPT}"
ASKED: dict[str, Any] = {"model": MODEL, "input": PROMPT}


def test_a_whole_response(pair: Pair) -> None:
    response = pair.same(lambda client: client.responses.create(**ASKED))
    assert response["output"][0]["content"][0]["text"] == ECHO
    assert response["request_id"].startswith("req_")


def test_a_stream_of_events(pair: Pair) -> None:
    events = pair.same(lambda client: client.responses.create(**ASKED, stream=True))
    deltas = [e["delta"] for e in events if e["type"] == "response.output_text.delta"]
    assert "".join(deltas) == ECHO
    assert [e["sequence_number"] for e in events] == list(range(len(events)))
    assert events[-1]["type"] == "response.completed"


def test_the_stream_helper(pair: Pair) -> None:
    def call(client: OpenAI) -> Any:
        with client.responses.stream(**ASKED) as stream:
            events = list(stream)
            return events, stream.get_final_response()

    events, response = pair.same(call)
    assert response["output"][0]["content"][0]["text"] == ECHO
    assert len(events) > 5


def test_a_conversation(pair: Pair) -> None:
    given: Any = [
        {"role": "developer", "content": "Be brief."},
        {"role": "user", "content": [{"type": "input_text", "text": PROMPT}]},
    ]
    response = pair.same(
        lambda client: client.responses.create(
            model=MODEL, input=given, metadata={"a": "b"}, temperature=0.5
        )
    )
    assert response["output"][0]["content"][0]["text"] == ECHO
    assert response["metadata"] == {"a": "b"}


def test_a_function_call(pair: Pair) -> None:
    tool = look_up()
    call = {**ASKED, "tools": [tool], "tool_choice": "required"}
    response = pair.same(lambda client: client.responses.create(**call))
    [item] = response["output"]
    assert (item["type"], item["name"]) == ("function_call", tool["name"])
    events = pair.same(lambda client: client.responses.create(**call, stream=True))
    deltas = [e["delta"] for e in events if e["type"].endswith("arguments.delta")]
    assert len(deltas) > 1
    assert json.loads("".join(deltas)) == json.loads(item["arguments"])


def test_a_conversation_with_a_functions_result(pair: Pair) -> None:
    def call(client: OpenAI) -> Any:
        tools: Any = [look_up()]
        asked = client.responses.create(**ASKED, tools=tools, tool_choice="required")
        [item] = asked.output
        assert item.type == "function_call"
        result = {
            "type": "function_call_output",
            "call_id": item.call_id,
            "output": "sunny",
        }
        rest: Any = [item.model_dump(), result]
        return asked, client.responses.create(model=MODEL, input=rest)

    _, last = pair.same(call)
    assert last["output"][0]["content"][0]["text"].endswith("sunny")


def test_structured_output(pair: Pair) -> None:
    def call(client: OpenAI) -> Any:
        response = client.responses.parse(**ASKED, text_format=Forecast)
        assert isinstance(response.output_parsed, Forecast)
        return response, response.output_parsed

    _, parsed = pair.same(call)
    assert parsed["city"] == PROMPT


def test_structured_output_as_a_stream(pair: Pair) -> None:
    def call(client: OpenAI) -> Any:
        with client.responses.stream(**ASKED, text_format=Forecast) as stream:
            stream.until_done()
            return stream.get_final_response().output_parsed

    assert pair.same(call)["city"] == PROMPT


def test_reading_and_deleting(pair: Pair) -> None:
    def call(client: OpenAI) -> Any:
        created = client.responses.create(**ASKED)
        read = client.responses.retrieve(created.id)
        replayed = list(client.responses.retrieve(created.id, stream=True))
        items = list(client.responses.input_items.list(created.id, limit=5))
        client.responses.delete(created.id)
        with pytest.raises(NotFoundError):
            client.responses.retrieve(created.id)
        return created, read, replayed, items

    created, read, replayed, items = pair.same(call)
    assert _without_id(created) == _without_id(read)
    assert replayed[-1]["response"]["id"] == created["id"]
    assert items[0]["content"][0]["text"] == PROMPT


def test_counting_tokens(pair: Pair) -> None:
    counted = pair.same(lambda client: client.responses.input_tokens.count(**ASKED))
    assert counted["input_tokens"] > 0


def test_a_stream_that_fails(pair: Pair) -> None:
    asked = {**ASKED, "model": "fail"}
    events = pair.same(lambda client: client.responses.create(**asked, stream=True))
    assert events[-1]["type"] == "response.failed"
    assert events[-1]["response"]["error"]["code"] == "server_error"


def test_an_input_of_many_sorts_of_characters(pair: Pair) -> None:
    text = 'Zürich 👍🏽 \u2028 \x00 "quoted" \\ 漢字 \u202e end'
    events = pair.same(
        lambda client: client.responses.create(model=MODEL, input=text, stream=True)
    )
    assert events[-1]["response"]["output"][0]["content"][0]["text"].endswith(text)


def test_a_long_input(pair: Pair) -> None:
    # Above what the gateway keeps for another attempt.
    text = "longer than a prompt is " * 60_000
    response = pair.same(
        lambda client: client.responses.create(model=MODEL, input=text)
    )
    assert response["output"][0]["content"][0]["text"].endswith(text)


def _without_id(response: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in response.items() if name != "request_id"}
