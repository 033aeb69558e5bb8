"""The log line of `POST /chat`: what an operator needs, and nothing that was said."""

import json

import pytest

from tests.e2e import replies
from tests.e2e.client import send
from tests.e2e.conftest import StartProxy
from tests.e2e.exchange import EVENT_STREAM
from tests.e2e.marked import CLIENT_SECRET, REPLY
from tests.e2e.proxy import LogLine, Proxy
from tests.e2e.upstream import Upstream
from tests.fixtures import chats
from tests.gateway.chatting import (
    CHAT,
    DONE,
    FORMATS,
    Answer,
    ask,
    asking,
    encoded,
    receive,
    saying,
    whole,
)

COUNTED = [*saying(REPLY, REPLY), encoded(chats.bare(choices=[], usage=chats.COUNTS))]
FAILURE = encoded({"error": chats.FAILURE | {"message": REPLY, "code": REPLY}})

formats = pytest.mark.parametrize("format", FORMATS)


def _line(proxy: Proxy, answer: Answer) -> LogLine:
    return proxy.request_line(answer.response.headers["x-request-id"])


@formats
@pytest.mark.parametrize("level", ["info", "debug"])
def test_the_line_of_a_stream(
    start_proxy: StartProxy, upstream: Upstream, format: str, level: str
) -> None:
    upstream.play(replies.stream([*COUNTED, DONE]))
    proxy = start_proxy(LOG_LEVEL=level, OPENAI_MODEL="of-the-operator")
    answer = receive(proxy, format=format)
    line = _line(proxy, answer)
    assert 0 < line.pop("first_byte_ms") <= line.pop("duration_ms") < 20_000
    # The network may join some.
    assert 1 <= line.pop("chunks") <= 4
    assert line.pop("request_id").startswith("req_")
    assert line == {
        "event": "request",
        "route": CHAT,
        "model": "of-the-operator",
        "status": 200,
        "outcome": "complete",
        "bytes": len(answer.body),
        "retries": 0,
        "input_tokens": 17,
        "output_tokens": 4,
    }
    assert bool(proxy.log_lines("chunk")) == (level == "debug")


def test_the_line_of_a_reply_that_is_no_stream(
    proxy: Proxy, upstream: Upstream
) -> None:
    choice = {"message": {"content": REPLY}, "finish_reason": "stop"}
    reply = json.dumps(chats.bare(choices=[choice], usage=chats.COUNTS))
    upstream.play(replies.answer(200, reply.encode()))
    response = ask(proxy, stream=False)
    line = proxy.request_line(response.headers["x-request-id"])
    assert (line["route"], line["status"], line["outcome"]) == (CHAT, 200, "complete")
    assert (line["input_tokens"], line["output_tokens"]) == (17, 4)
    assert line["bytes"] == len(response.content)


@pytest.mark.parametrize("fields", [{"stream": False}, {"format": "events"}])
def test_a_model_that_the_client_names_is_not_logged(
    proxy: Proxy, upstream: Upstream, fields: dict[str, object]
) -> None:
    upstream.play(replies.stream(whole()))
    body = asking(model=CLIENT_SECRET, user=CLIENT_SECRET)
    refused = send(proxy, "POST", CHAT, content=body)
    asked = ask(proxy, model=CLIENT_SECRET, **fields)
    for response in (refused, asked):
        line = proxy.request_line(response.headers["x-request-id"])
        assert "model" not in line
    assert CLIENT_SECRET not in proxy.text()


def test_a_request_that_is_refused(proxy: Proxy) -> None:
    response = ask(proxy, temperature=3)
    line = proxy.request_line(response.headers["x-request-id"])
    assert (line["route"], line["status"], line["code"]) == (
        CHAT,
        400,
        "invalid_value",
    )


@formats
def test_a_failure_has_a_cause_of_ours(
    proxy: Proxy, upstream: Upstream, format: str
) -> None:
    """What the upstream says of it may be anything, also a part of the reply."""
    upstream.play(replies.stream([*COUNTED, FAILURE]))
    line = _line(proxy, receive(proxy, format=format))
    assert line["cause"] == "upstream_error"
    assert line["outcome"] == ("upstream_broken" if format == "text" else "complete")
    # They have to be paid for all the same.
    assert (line["input_tokens"], line["output_tokens"]) == (17, 4)
    assert REPLY not in proxy.text()


@formats
def test_only_failures_at_error(
    start_proxy: StartProxy, upstream: Upstream, format: str
) -> None:
    upstream.play(
        replies.in_turn(replies.stream([*COUNTED, DONE]), replies.stream(COUNTED))
    )
    proxy = start_proxy(LOG_LEVEL="error")
    receive(proxy, format=format)
    line = _line(proxy, receive(proxy, format=format))
    assert line["cause"] == "upstream_incomplete"
    assert len(proxy.log_lines("request")) == 1


def test_the_upstreams_id(proxy: Proxy, upstream: Upstream) -> None:
    own = "req_of_upstream_chat"
    upstream.play(replies.stream(whole(), EVENT_STREAM | {"x-request-id": own}))
    answer = receive(proxy)
    assert answer.response.headers["x-request-id"] == own
    assert _line(proxy, answer)["route"] == CHAT


def test_each_request_has_one_line(start_proxy: StartProxy, upstream: Upstream) -> None:
    proxy = start_proxy(PROXY_MAX_RETRIES="0")
    scripts = (
        replies.stream(whole()),
        replies.stream([]),
        replies.answer(400),
        replies.answer(500),
        replies.reset,
    )
    ids = []
    for script in scripts:
        upstream.play(script)
        answer = receive(proxy)
        ids.append(_line(proxy, answer)["request_id"])
    lines = proxy.log_lines("request")
    assert sorted(line["request_id"] for line in lines) == sorted(ids)
    assert {line["route"] for line in lines} == {CHAT}
