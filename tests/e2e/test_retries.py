"""Asking again: before the first byte, as the upstream wishes, and not for ever."""

import threading
import time
from email.utils import formatdate

import httpx
import pytest

from tests.e2e import replies
from tests.e2e.client import ask, streaming
from tests.e2e.conftest import StartProxy
from tests.e2e.exchange import Exchange
from tests.e2e.marked import REPLY, chunks
from tests.e2e.proxy import Proxy
from tests.e2e.upstream import PATIENCE, Script, Upstream

BODY = replies.openai_error(REPLY, "server_error")


def _fail(status: int, **headers: str) -> Script:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return replies.answer(status, BODY, replies.JSON | named)


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 504])
def test_success_after_a_failure(proxy: Proxy, upstream: Upstream, status: int) -> None:
    reply = chunks(2)
    upstream.play(replies.in_turn(_fail(status), replies.stream(reply)))
    response = ask(proxy)
    assert (response.status_code, response.content) == (200, b"".join(reply))
    assert "x-should-retry" not in response.headers
    first, second = upstream.exchange(0), upstream.exchange(1)
    assert first.body == second.body
    assert first.request == second.request
    line = proxy.request_line(response.headers["x-request-id"])
    assert line["retries"] == 1


def test_success_after_a_reset(proxy: Proxy, upstream: Upstream) -> None:
    upstream.play(replies.in_turn(replies.reset, replies.reset, replies.stream()))
    assert ask(proxy).status_code == 200
    assert len(upstream.exchanges) == 3


@pytest.mark.parametrize(
    "asked",
    [
        {"retry_after_ms": "300", "retry_after": "30"},
        {"retry_after": "0.3"},
        {"retry_after_ms": "nonsense", "retry_after": "0.3"},
    ],
    ids=["milliseconds first", "seconds", "nonsense is passed over"],
)
def test_the_upstream_says_how_long_to_wait(
    proxy: Proxy, upstream: Upstream, asked: dict[str, str]
) -> None:
    upstream.play(replies.in_turn(_fail(429, **asked), replies.stream()))
    started = time.monotonic()
    assert ask(proxy).status_code == 200
    assert 0.3 <= time.monotonic() - started < 10


def test_a_date_to_wait_for(start_proxy: StartProxy, upstream: Upstream) -> None:
    date = formatdate(time.time() + 2, usegmt=True)
    upstream.play(replies.in_turn(_fail(503, retry_after=date), replies.stream()))
    started = time.time()
    assert ask(start_proxy(PROXY_RETRY_MAX_DELAY_MS="5000")).status_code == 200
    # Such a date has whole seconds.
    assert 0.9 <= time.time() - started < 10


@pytest.mark.parametrize("asked", [{"retry_after": "2"}, {"retry_after_ms": "1001"}])
def test_a_wait_over_the_longest_is_the_clients(
    proxy: Proxy, upstream: Upstream, asked: dict[str, str]
) -> None:
    upstream.play(_fail(429, **asked))
    response = ask(proxy)
    assert response.status_code == 429
    assert len(upstream.exchanges) == 1
    assert {"retry-after", "retry-after-ms"} & set(response.headers)
    # Nothing has been tried for the client, so it may.
    assert "x-should-retry" not in response.headers


def test_out_of_retries(proxy: Proxy, upstream: Upstream) -> None:
    last = replies.openai_error(f"{REPLY} for the third time", "server_error")
    failures = [_fail(503, x_should_retry="true")] * 2
    upstream.play(replies.in_turn(*failures, replies.answer(503, last)))
    response = ask(proxy)
    assert (response.status_code, response.content) == (503, last)
    assert response.headers.get_list("x-should-retry") == ["false"]
    assert len(upstream.exchanges) == 3


def test_no_retries_wished(start_proxy: StartProxy, upstream: Upstream) -> None:
    upstream.play(_fail(503))
    response = ask(start_proxy(PROXY_MAX_RETRIES="0"))
    assert (response.status_code, len(upstream.exchanges)) == (503, 1)
    assert "x-should-retry" not in response.headers


def test_the_upstream_may_forbid_it(proxy: Proxy, upstream: Upstream) -> None:
    upstream.play(_fail(503, x_should_retry="false"))
    response = ask(proxy)
    assert (response.status_code, len(upstream.exchanges)) == (503, 1)
    assert response.headers["x-should-retry"] == "false"


def test_the_upstream_may_ask_for_it(proxy: Proxy, upstream: Upstream) -> None:
    wanted = _fail(400, x_should_retry="true")
    upstream.play(replies.in_turn(wanted, replies.stream()))
    assert ask(proxy).status_code == 200
    assert len(upstream.exchanges) == 2


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_the_clients_fault_is_final(
    proxy: Proxy, upstream: Upstream, status: int
) -> None:
    upstream.play(_fail(status))
    assert ask(proxy).status_code == status
    assert len(upstream.exchanges) == 1


def test_delays_grow(start_proxy: StartProxy, upstream: Upstream) -> None:
    times: list[float] = []

    def fail(exchange: Exchange) -> None:
        times.append(time.monotonic())
        _fail(500)(exchange)

    upstream.play(fail)
    ask(start_proxy(PROXY_RETRY_INITIAL_DELAY_MS="200", PROXY_RETRY_MULTIPLIER="3"))
    first, second, third = times
    # Chance may take away a quarter of a delay; a busy machine adds to it.
    assert 0.15 <= second - first
    assert 0.45 <= third - second < 10


@pytest.mark.parametrize("end", ["cut", "reset"])
def test_no_retry_after_the_first_byte(
    proxy: Proxy, upstream: Upstream, end: str
) -> None:
    arrived = threading.Event()

    def broken(exchange: Exchange) -> None:
        exchange.read_body()
        exchange.start()
        exchange.send(chunks(1)[0])
        assert arrived.wait(PATIENCE)
        if end == "reset":
            exchange.reset()

    upstream.play(broken)
    with pytest.raises(httpx.RemoteProtocolError), streaming(proxy) as response:
        assert response.status_code == 200
        for _ in response.iter_raw():
            arrived.set()
    assert proxy.request_line(response.headers["x-request-id"])["retries"] == 0
    assert len(upstream.exchanges) == 1
