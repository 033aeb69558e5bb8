"""An upstream that fails in the middle of a stream: `POST /chat` always tells of it."""

import threading

import pytest

from tests.e2e import replies
from tests.e2e.conftest import StartProxy
from tests.e2e.exchange import EVENT_STREAM, Exchange
from tests.e2e.marked import KEY, REPLY
from tests.e2e.proxy import Proxy
from tests.e2e.test_broken_upstream import ENDS
from tests.e2e.upstream import PATIENCE, Script, Upstream
from tests.fixtures import chats
from tests.gateway.chatting import (
    DONE,
    FORMATS,
    Answer,
    encoded,
    failure_in,
    receive,
    saying,
    text_in,
    whole,
)

MEBIBYTE = 1_048_576
FIRST = saying(REPLY)[0]
PAGE = {"content-type": "text/html"}

MUCH = 64 * MEBIBYTE
"""Far more than the kernel's buffers hold."""

formats = pytest.mark.parametrize("format", FORMATS)


def _check_failed(
    format: str, answer: Answer, code: str | None, text: str = REPLY
) -> None:
    """Check that the client gets what was said, and that it is not all."""
    assert answer.response.status_code == 200
    if format == "text":
        assert answer.is_broken
        assert answer.body.decode() == text
        return
    assert failure_in(format, answer)["code"] == code
    before = answer.body[: answer.body.rindex(b"\n\n", 0, -2) + 2] if text else b""
    assert text_in(format, before) == text


def _after_a_piece(end: Script, arrived: threading.Event) -> Script:
    """Say something, and end when the client has it."""

    def script(exchange: Exchange) -> None:
        exchange.read_body()
        exchange.start()
        exchange.send(FIRST)
        assert arrived.wait(PATIENCE)
        end(exchange)

    return script


@formats
@pytest.mark.parametrize("end", ENDS)
def test_an_upstream_that_breaks_off(
    proxy: Proxy, upstream: Upstream, format: str, end: Script
) -> None:
    arrived = threading.Event()
    upstream.play(_after_a_piece(end, arrived))
    answer = receive(proxy, arrived=arrived, format=format)
    _check_failed(format, answer, "upstream_broken")
    line = proxy.request_line(answer.response.headers["x-request-id"])
    assert line["cause"]
    assert line["outcome"] == ("upstream_broken" if format == "text" else "complete")


def test_what_came_just_before_a_break_is_not_lost(
    proxy: Proxy, upstream: Upstream
) -> None:
    """In all forms: hyper would drop it, did nobody linger."""
    upstream.play(replies.stream([*saying("a", "b"), FIRST]))
    for _ in range(20):
        answer = receive(proxy, format="text")
        assert (answer.body.decode(), answer.is_broken) == (f"ab{REPLY}", True)


@formats
def test_too_long_a_silence(
    start_proxy: StartProxy, upstream: Upstream, format: str
) -> None:
    upstream.play(_after_a_piece(Exchange.wait_closed, arrived := threading.Event()))
    proxy = start_proxy(PROXY_BETWEEN_BYTES_TIMEOUT_MS="300")
    answer = receive(proxy, arrived=arrived, format=format)
    _check_failed(format, answer, "upstream_broken")
    assert upstream.exchange().closed.wait(5)


HUGE = encoded(chats.chunk({"content": "x" * (2 * MEBIBYTE)}))
TOO_LARGE = "upstream_event_too_large"
CALL = {"index": 0, "id": "call_1", "function": {"arguments": "x" * 100_000}}
WRONG: dict[str, tuple[list[bytes], str | None]] = {
    "an end before the end": ([], "upstream_incomplete"),
    "half an event": ([saying("x")[0][:-40]], "upstream_incomplete"),
    "no JSON": ([b"data: %b\n\n" % REPLY.encode()], "upstream_invalid_event"),
    "an array": ([b"data: [1]\n\n"], "upstream_invalid_event"),
    "deep JSON": ([b"data: " + b"[" * 100_000 + b"\n\n"], "upstream_invalid_event"),
    "an event of 2 MiB": ([HUGE, *whole()], TOO_LARGE),
    "a line of 2 MiB": ([b"x" * (2 * MEBIBYTE), *whole()], TOO_LARGE),
    "many lines": ([b"data: 1\n" * (MEBIBYTE // 4), *whole()], TOO_LARGE),
    "calls of 2 MiB": (
        [encoded(chats.chunk({"tool_calls": [CALL]})) for _ in range(20)],
        TOO_LARGE,
    ),
    "an error that is text": ([b'data: {"error":"no"}\n\n'], None),
    "a number for a code": ([b'data: {"error":{"code":429}}\n\n', DONE], "429"),
}


@formats
@pytest.mark.parametrize("kind", WRONG)
def test_what_is_wrong_in_a_stream(
    proxy: Proxy, upstream: Upstream, format: str, kind: str
) -> None:
    wrong, code = WRONG[kind]
    upstream.play(replies.stream([FIRST, *wrong]))
    answer = receive(proxy, format=format)
    if kind == "calls of 2 MiB" and format == "sse-json":
        # The upstream's chunks go on as they come.
        assert failure_in(format, answer)["code"] == code
    else:
        _check_failed(format, answer, code)
    # The same instance serves the next.
    upstream.play(replies.stream(whole()))
    assert receive(proxy, format="text").body.decode() == REPLY


@formats
def test_an_error_is_passed_on_without_the_key(
    proxy: Proxy, upstream: Upstream, format: str
) -> None:
    error = chats.FAILURE | {"message": f"{KEY} was wrong", "code": KEY}
    upstream.play(replies.stream([FIRST, encoded({"error": error})]))
    answer = receive(proxy, format=format)
    assert KEY.encode() not in answer.body
    _check_failed(format, answer, "[redacted]")
    if format != "text":
        assert failure_in(format, answer) == {
            "message": "[redacted] was wrong",
            "type": "server_error",
            "param": None,
            "code": "[redacted]",
        }


@formats
def test_a_page_in_the_place_of_a_stream(
    proxy: Proxy, upstream: Upstream, format: str
) -> None:
    upstream.play(replies.answer(200, b"<html>%b" % REPLY.encode(), PAGE))
    _check_failed(format, receive(proxy, format=format), "upstream_incomplete", "")


@formats
@pytest.mark.parametrize("last", [b'data: {"error":"no"}\n\n', HUGE])
def test_who_goes_on_after_a_failure_is_cut_off(
    proxy: Proxy, upstream: Upstream, format: str, last: bytes
) -> None:
    def much_more(exchange: Exchange) -> None:
        exchange.read_body()
        exchange.start()
        exchange.send(last)
        for _ in range(MUCH // len(FIRST)):
            exchange.send(FIRST)

    upstream.play(much_more)
    receive(proxy, format=format)
    assert upstream.exchange().closed.wait(5)


@formats
def test_an_upstream_that_does_not_hang_up(
    proxy: Proxy, upstream: Upstream, format: str
) -> None:
    """After `[DONE]` there is nothing to wait for."""

    def script(exchange: Exchange) -> None:
        exchange.read_body()
        exchange.start(200, EVENT_STREAM)
        for event in whole():
            exchange.send(event)
        exchange.wait_closed()

    upstream.play(script)
    answer = receive(proxy, format=format)
    assert not answer.is_broken
    assert text_in(format, answer.body) == REPLY
    assert upstream.exchange().closed.wait(2)
