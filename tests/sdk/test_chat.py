"""Chat completions through the Python client."""

import json
from typing import Any

import pytest
from openai import APIError, OpenAI, pydantic_function_tool

from tests.sdk.asked import MODEL, PROMPT, Forecast
from tests.sdk.pair import Pair

ECHO = f"No model here, only an echo: {PROMPT}"
ASKED: dict[str, Any] = {
    "model": MODEL,
    "messages": [{"role": "user", "content": PROMPT}],
}
CALLED = {
    **ASKED,
    "tools": [pydantic_function_tool(Forecast)],
    "tool_choice": {"type": "function", "function": {"name": "Forecast"}},
}


def test_a_whole_completion(pair: Pair) -> None:
    completion = pair.same(lambda client: client.chat.completions.create(**ASKED))
    assert completion["choices"][0]["message"]["content"] == ECHO
    assert completion["request_id"].startswith("req_")


def test_several_choices(pair: Pair) -> None:
    completion = pair.same(lambda client: client.chat.completions.create(**ASKED, n=3))
    assert [choice["index"] for choice in completion["choices"]] == [0, 1, 2]


@pytest.mark.parametrize("with_usage", [True, False])
def test_a_stream_of_chunks(pair: Pair, with_usage: bool) -> None:
    options: Any = {"stream_options": {"include_usage": True}} if with_usage else {}
    chunks = pair.same(
        lambda client: client.chat.completions.create(**ASKED, stream=True, **options)
    )
    deltas = [choice["delta"] for chunk in chunks for choice in chunk["choices"]]
    assert "".join(delta["content"] or "" for delta in deltas) == ECHO
    assert bool(chunks[-1]["usage"]) is with_usage
    assert bool(chunks[-1]["choices"]) is not with_usage


def test_the_stream_helper(pair: Pair) -> None:
    def call(client: OpenAI) -> Any:
        with client.chat.completions.stream(**ASKED) as stream:
            return [e.type for e in stream], stream.get_final_completion()

    events, completion = pair.same(call)
    assert "content.delta" in events
    assert completion["choices"][0]["message"]["content"] == ECHO


def test_a_function_call(pair: Pair) -> None:
    completion = pair.same(lambda client: client.chat.completions.create(**CALLED))
    [call] = completion["choices"][0]["message"]["tool_calls"]
    chunks = pair.same(
        lambda client: client.chat.completions.create(**CALLED, stream=True)
    )
    calls = [
        call["function"]["arguments"]
        for chunk in chunks
        for call in chunk["choices"][0]["delta"]["tool_calls"] or ()
    ]
    assert len(calls) > 2
    assert "".join(calls) == call["function"]["arguments"]
    assert json.loads("".join(calls))["city"] == PROMPT


def test_a_parsed_function_call(pair: Pair) -> None:
    def call(client: OpenAI) -> Any:
        parsed = client.chat.completions.parse(**CALLED)
        calls = parsed.choices[0].message.tool_calls
        assert calls
        assert isinstance(calls[0].function.parsed_arguments, Forecast)
        return calls[0].function.parsed_arguments

    assert pair.same(call)["city"] == PROMPT


def test_structured_output(pair: Pair) -> None:
    def call(client: OpenAI) -> Any:
        parsed = client.chat.completions.parse(**ASKED, response_format=Forecast)
        assert isinstance(parsed.choices[0].message.parsed, Forecast)
        return parsed, parsed.choices[0].message.parsed

    _, forecast = pair.same(call)
    assert forecast["city"] == PROMPT


def test_structured_output_as_a_stream(pair: Pair) -> None:
    def call(client: OpenAI) -> Any:
        asked = {**ASKED, "response_format": Forecast}
        with client.chat.completions.stream(**asked) as stream:
            stream.until_done()
            return stream.get_final_completion().choices[0].message.parsed

    assert pair.same(call)["city"] == PROMPT


def test_an_error_in_mid_stream(pair: Pair) -> None:
    asked = {**ASKED, "model": "fail", "stream": True}
    error = pair.same_error(
        APIError, lambda client: list(client.chat.completions.create(**asked))
    )
    assert error.code == "server_error"
    assert "fails in the middle" in error.message
