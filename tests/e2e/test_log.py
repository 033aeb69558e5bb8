"""One JSON line for each request, with what an operator needs and nothing secret."""

import pytest

from tests.e2e import replies
from tests.e2e.client import ask, send
from tests.e2e.conftest import StartProxy
from tests.e2e.marked import chunks
from tests.e2e.proxy import LogLine, Proxy
from tests.e2e.upstream import Upstream


def _line(proxy: Proxy) -> LogLine:
    response = ask(proxy)
    return proxy.request_line(response.headers["x-request-id"])


@pytest.mark.parametrize("level", ["info", "debug"])
def test_the_line_of_a_stream(
    start_proxy: StartProxy, upstream: Upstream, level: str
) -> None:
    pieces = chunks(6)
    upstream.play(replies.stream(pieces))
    line = _line(start_proxy(LOG_LEVEL=level, OPENAI_MODEL="some-model"))
    first_byte, duration = line.pop("first_byte_ms"), line.pop("duration_ms")
    assert 0 < first_byte <= duration < 20_000
    # The network may join some.
    assert 1 <= line.pop("chunks") <= len(pieces)
    assert line.pop("request_id").startswith("req_")
    assert line == {
        "event": "request",
        "route": "stream-handle",
        "model": "some-model",
        "status": 200,
        "outcome": "complete",
        "bytes": len(b"".join(pieces)),
        "retries": 0,
        "input_tokens": 10,
        "output_tokens": 6,
    }


def test_no_tokens_that_the_upstream_did_not_say(
    proxy: Proxy, upstream: Upstream
) -> None:
    upstream.play(replies.stream([b'data: {"usage":null}\n\n']))
    assert not {"input_tokens", "output_tokens"} & set(_line(proxy))


def test_the_upstreams_request_id_is_used(proxy: Proxy, upstream: Upstream) -> None:
    headers = {"content-type": "text/event-stream", "x-request-id": "req_of_upstream"}
    upstream.play(replies.stream(headers=headers))
    assert _line(proxy)["request_id"] == "req_of_upstream"


def test_an_error_of_the_upstream(proxy: Proxy, upstream: Upstream) -> None:
    upstream.play(replies.answer(503))
    line = _line(proxy)
    assert (line["status"], line["outcome"], line["retries"]) == (503, "complete", 2)


@pytest.mark.parametrize(
    ("method", "target", "route", "status"),
    [
        ("GET", "/health", "/health", 200),
        ("HEAD", "/health?x=1", "/health", 200),
        ("OPTIONS", "/openai-proxy", "/openai-proxy", 204),
        ("GET", "/openai-proxy", "/openai-proxy", 405),
        ("GET", "/not/for/logs", "unknown", 404),
        ("POST", "/openai-proxy", "/openai-proxy", 400),
    ],
)
def test_what_the_router_answers_itself(
    proxy: Proxy, method: str, target: str, route: str, status: int
) -> None:
    response = send(proxy, method, target)
    line = proxy.request_line(response.headers["x-request-id"])
    assert (line["route"], line["status"], line["retries"]) == (route, status, 0)
    assert line["outcome"] == "complete"
    assert "not/for/logs" not in str(line)


def _chunk_lines(proxy: Proxy, line: LogLine) -> list[LogLine]:
    lines = proxy.log_lines("chunk")
    return [chunk for chunk in lines if chunk["request_id"] == line["request_id"]]


def test_a_line_for_each_chunk_at_debug(
    start_proxy: StartProxy, upstream: Upstream
) -> None:
    upstream.play(replies.stream())
    proxy = start_proxy(LOG_LEVEL="debug")
    line = _line(proxy)
    logged = _chunk_lines(proxy, line)
    assert [chunk["chunk"] for chunk in logged] == list(range(1, line["chunks"] + 1))
    assert sum(chunk["bytes"] for chunk in logged) == line["bytes"]
    assert set(logged[0]) == {"event", "request_id", "chunk", "bytes", "ms"}


def test_no_line_for_a_chunk_at_info(
    start_proxy: StartProxy, upstream: Upstream
) -> None:
    upstream.play(replies.stream())
    proxy = start_proxy(LOG_LEVEL="info")
    assert _chunk_lines(proxy, _line(proxy)) == []


def test_only_failures_at_error(start_proxy: StartProxy, upstream: Upstream) -> None:
    failure = replies.answer(500)
    upstream.play(replies.in_turn(replies.stream(), replies.answer(400), failure))
    proxy = start_proxy(LOG_LEVEL="error", PROXY_MAX_RETRIES="0")
    for _ in range(2):
        ask(proxy)
    assert _line(proxy)["status"] == 500
    assert [line["status"] for line in proxy.log_lines("request")] == [500]
