"""`POST /chat` as a whole, over fakes: what goes up, and what comes of it."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from openai_component.openai import OPENAI
from provider.routes import serve
from tests.unit.fakes import (
    ENVIRON,
    KEY,
    Broken,
    Log,
    Outcome,
    ScriptedBody,
    host,
    response,
    run,
)
from wire.errors import InvalidRequest
from wire.headers import find
from wire.ports import BodyBroken, Pieces, Reply, Request, UpstreamRequest

TYPE = "text/event-stream"
POST = Request("POST", "/chat", (("content-type", b"application/json"),))
CHUNK = b'data: {"id":"c","model":"m","choices":[{"delta":{"content":"%b"}}]}\n\n'
LAST = (
    b'data: {"choices":[{"delta":{},"finish_reason":"stop"}],'
    b'"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}\n\n'
    b"data: [DONE]\n\n"
)


def ask(
    asked: Mapping[str, Any], *outcomes: Outcome, **variables: str
) -> tuple[Reply, list[UpstreamRequest], Log]:
    environ = {**ENVIRON, "PROXY_MAX_RETRIES": "0", **variables}
    given, upstream, _ = host(*outcomes, environ=environ)
    log = Log()
    body = ScriptedBody(json.dumps(asked).encode())
    reply = run(serve(POST, body, OPENAI, given, log.log))
    return reply, upstream.requests, log


async def _take(pieces: Pieces) -> list[bytes]:
    return [piece async for piece in pieces]


def taken(reply: Reply) -> list[bytes]:
    assert isinstance(reply.body, Pieces)
    return run(_take(reply.body))


def test_a_stream_becomes_text_as_it_comes() -> None:
    said = response(200, CHUNK % b"He", CHUNK % b"llo", LAST, content_type=TYPE)
    reply, (sent,), log = ask({"prompt": "Hi", "format": "text"}, said)
    assert taken(reply) == [b"He", b"llo"]
    assert find(reply.headers, "content-type") == "text/plain; charset=utf-8"
    assert find(reply.headers, "x-accel-buffering") == "no"
    assert (sent.method, sent.path_with_query) == ("POST", "/v1/chat/completions")
    assert dict(sent.headers)["authorization"] == f"Bearer {KEY}".encode()
    assert dict(sent.headers)["accept"] == b"text/event-stream"
    assert isinstance(sent.body, bytes)
    assert json.loads(sent.body)["messages"] == [{"role": "user", "content": "Hi"}]
    assert log.log.model == "gpt-4.1"
    assert log.log.usage == {"input_tokens": 3, "output_tokens": 2, "total_tokens": 5}


def test_the_upstreams_headers_come_with_it() -> None:
    said = response(200, LAST, content_type=TYPE, x_request_id="req_up")
    reply, _, _ = ask({"prompt": "Hi"}, said)
    assert find(reply.headers, "x-request-id") == "req_up"
    assert [n for n, _ in reply.headers].count("content-type") == 1


def test_a_model_that_the_client_names_is_not_logged() -> None:
    _, (sent,), log = ask({"prompt": "Hi", "model": "mine"}, response(200, LAST))
    assert isinstance(sent.body, bytes)
    assert json.loads(sent.body)["model"] == "mine"
    assert log.log.model is None


def test_without_a_stream_there_is_one_object() -> None:
    whole = b'{"id":"c","model":"m","choices":[{"message":{"content":"Hello"}}]}'
    said = response(200, whole, content_type="application/json", x_request_id="req_up")
    reply, (sent,), _ = ask({"prompt": "Hi", "stream": False}, said)
    assert isinstance(reply.body, bytes)
    assert json.loads(reply.body)["text"] == "Hello"
    assert dict(sent.headers)["accept"] == b"application/json"
    assert find(reply.headers, "x-request-id") == "req_up"
    names = [name for name, _ in reply.headers]
    assert len(names) == len(set(names))


def test_a_failure_is_in_the_log_by_its_cause() -> None:
    said = response(200, CHUNK % b"He", Broken("connection-terminated"))
    reply, _, log = ask({"prompt": "Hi", "format": "text"}, said)
    with pytest.raises(BodyBroken):
        taken(reply)
    assert log.log.cause == "connection-terminated"


def test_the_reply_is_closed_though_nothing_was_taken_of_it() -> None:
    said = response(200, CHUNK % b"He")
    reply, _, _ = ask({"prompt": "Hi"}, said)
    assert isinstance(reply.body, Pieces) and isinstance(said.body, ScriptedBody)
    run(reply.body.aclose())
    assert said.body.closed >= 1


def test_an_error_is_the_upstreams() -> None:
    reply, _, _ = ask({"prompt": "Hi"}, response(429, b'{"error":{"message":"Slow."}}'))
    assert reply.status == 429
    assert isinstance(reply.body, bytes)
    assert json.loads(reply.body)["error"]["message"] == "Slow."


def test_completions_answer_if_the_request_or_the_operator_says_so() -> None:
    for asked, variables in (
        ({"prompt": "Hi", "api": "completions"}, {}),
        ({"prompt": "Hi"}, {"PROXY_PROMPT_API": "completions"}),
    ):
        _, (sent,), _ = ask(asked, response(200, LAST), **variables)
        assert sent.path_with_query == "/v1/completions"


def test_contents_are_strings_where_the_upstream_wants_them() -> None:
    message = {"role": "user", "content": [{"type": "text", "text": "Hi"}]}
    _, (sent,), _ = ask(
        {"messages": [message]}, response(200, LAST), PROXY_CONTENT_FORMAT="String"
    )
    assert isinstance(sent.body, bytes)
    assert json.loads(sent.body)["messages"] == [{"role": "user", "content": "Hi"}]


def test_what_is_not_allowed_is_not_reached_by_this_way() -> None:
    with pytest.raises(InvalidRequest, match="PROXY_ALLOWED_PATHS"):
        ask({"prompt": "Hi"}, PROXY_ALLOWED_PATHS="embeddings")


def test_a_wrong_field_is_refused_before_anything_is_sent() -> None:
    with pytest.raises(InvalidRequest) as raised:
        ask({"prompt": "Hi", "temperature": 3})
    assert raised.value.param == "temperature"
