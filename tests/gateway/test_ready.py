"""`GET /health/ready`: whether the upstream answers, told within five seconds."""

import socket
import time
from typing import Any

import httpx
import pytest

from tests.e2e import replies
from tests.e2e.client import send
from tests.e2e.conftest import StartProxy
from tests.e2e.exchange import Exchange
from tests.e2e.marked import CLIENT_SECRET, KEY
from tests.e2e.proxy import Proxy
from tests.e2e.test_transport_errors import refusing
from tests.e2e.upstream import PATIENCE, Script, Upstream

__all__ = ["refusing"]

READY = "/health/ready"
BOUND = 6.0
"""Seconds. The promise is five."""
LIST = replies.answer(200, b'{"object":"list","data":[]}')
FAILURE = replies.answer(503)


def _check(response: httpx.Response, status: str) -> dict[str, Any]:
    """Check the reply, and return its members."""
    assert response.status_code == (503 if status == "unhealthy" else 200)
    assert response.headers["content-type"] == "application/json"
    assert response.headers["cache-control"] == "no-store"
    health: dict[str, Any] = response.json()
    assert list(health) == ["status", "reason", "latency_ms"]
    assert health["status"] == status
    assert type(health["latency_ms"]) in (int, float)
    assert 0 <= health["latency_ms"] < BOUND * 1000
    return health


def test_healthy(proxy: Proxy, upstream: Upstream) -> None:
    upstream.play(LIST)
    own = {"cookie": CLIENT_SECRET, "authorization": CLIENT_SECRET}
    health = _check(send(proxy, "GET", f"{READY}?x=1", headers=own), "healthy")
    assert health["reason"] is None
    assert health["latency_ms"] > 0
    [exchange] = upstream.exchanges
    request = exchange.request
    assert (request.method, request.target) == ("GET", "/v1/models")
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert CLIENT_SECRET not in str(request)


@pytest.mark.parametrize("status", [404, 405])
def test_an_upstream_without_a_list_answers_too(
    proxy: Proxy, upstream: Upstream, status: int
) -> None:
    upstream.play(replies.answer(status))
    health = _check(send(proxy, "GET", READY), "healthy")
    assert "lists no models" in health["reason"]


def test_head_has_no_body(proxy: Proxy, upstream: Upstream) -> None:
    for script, status in ((LIST, 200), (FAILURE, 503)):
        upstream.play(script)
        response = send(proxy, "HEAD", READY)
        assert (response.status_code, response.content) == (status, b"")


def test_other_methods(proxy: Proxy) -> None:
    response = send(proxy, "POST", READY)
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD, OPTIONS"


def _slow(exchange: Exchange) -> None:
    time.sleep(1.1)  # Slowness itself is what is tested.
    LIST(exchange)


STRAINED: dict[str, tuple[Script, str]] = {
    "limited": (replies.answer(429), "429"),
    "slow": (_slow, "longer than 1 s"),
    "after a failure": (replies.in_turn(FAILURE, LIST), "after a retry"),
    "after a reset": (replies.in_turn(replies.reset, LIST), "after a retry"),
}


@pytest.mark.parametrize("case", STRAINED)
def test_degraded(proxy: Proxy, upstream: Upstream, case: str) -> None:
    script, reason = STRAINED[case]
    upstream.play(script)
    health = _check(send(proxy, "GET", READY), "degraded")
    assert reason in health["reason"]
    assert (health["latency_ms"] > 1000) == (case == "slow")


BROKEN: dict[str, tuple[Script, str]] = {
    "503": (FAILURE, "503"),
    "401": (replies.answer(401, replies.openai_error(KEY, "t")), "refuses the key"),
    "403": (replies.answer(403), "refuses the key"),
    "400, as Gemini refuses a key": (replies.answer(400), "check the key"),
    "a redirect": (replies.answer(302, b"", {"location": "/"}), "base URL"),
    "resets": (replies.reset, "failed"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_unhealthy(proxy: Proxy, upstream: Upstream, case: str) -> None:
    script, reason = BROKEN[case]
    upstream.play(script)
    response = send(proxy, "GET", READY)
    assert reason in _check(response, "unhealthy")["reason"]
    assert KEY not in response.text


def test_a_refused_connection(start_proxy: StartProxy, refusing: int) -> None:
    proxy = start_proxy(OPENAI_BASE_URL=f"http://127.0.0.1:{refusing}/v1")
    health = _check(send(proxy, "GET", READY), "unhealthy")
    assert "refused the connection" in health["reason"]


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"OPENAI_API_KEY": None}, "OPENAI_API_KEY"),
        ({"OPENAI_BASE_URL": "nonsense"}, "OPENAI_BASE_URL"),
        ({"PROXY_CONFIG": "{"}, "PROXY_CONFIG"),
    ],
)
def test_settings_that_make_no_sense(
    start_proxy: StartProxy, settings: dict[str, str | None], named: str
) -> None:
    """Nobody is asked; and that this component answers is true all the same."""
    proxy = start_proxy(**settings)
    health = _check(send(proxy, "GET", READY), "unhealthy")
    assert named in health["reason"]
    assert send(proxy, "GET", "/health").json() == {"status": "healthy"}


def test_an_upstream_that_says_nothing(
    start_proxy: StartProxy, upstream: Upstream
) -> None:
    upstream.play(replies.silent)
    proxy = start_proxy(PROXY_TOTAL_TIMEOUT_MS=None, PROXY_FIRST_BYTE_TIMEOUT_MS=None)
    started = time.monotonic()
    health = _check(send(proxy, "GET", READY), "unhealthy")
    assert time.monotonic() - started < BOUND
    assert "did not answer in time" in health["reason"]
    assert all(exchange.closed.wait(2) for exchange in upstream.exchanges)


def test_an_upstream_whose_handshake_never_ends(start_proxy: StartProxy) -> None:
    """The kernel accepts the connection, but nobody says a word of TLS."""
    with socket.create_server(("127.0.0.1", 0)) as mute:
        mute.settimeout(PATIENCE)
        base_url = f"https://127.0.0.1:{mute.getsockname()[1]}/v1"
        proxy = start_proxy(OPENAI_BASE_URL=base_url)
        started = time.monotonic()
        health = _check(send(proxy, "GET", READY), "unhealthy")
        assert time.monotonic() - started < BOUND
        assert "did not answer in time" in health["reason"]
        _check_closed(mute)


def _check_closed(mute: socket.socket) -> None:
    """Check that the peer says its part of the handshake and then hangs up."""
    connection, _ = mute.accept()
    with connection:
        connection.settimeout(2)
        while connection.recv(65536):
            pass


def test_a_body_without_end_is_not_awaited(proxy: Proxy, upstream: Upstream) -> None:
    def endless(exchange: Exchange) -> None:
        exchange.read_body()
        exchange.start(200, replies.JSON)
        while True:
            exchange.send(b" " * 1000)

    upstream.play(endless)
    _check(send(proxy, "GET", READY), "healthy")
    assert upstream.exchange().closed.wait(2)


def test_its_log_line(proxy: Proxy, upstream: Upstream) -> None:
    upstream.play(LIST)
    response = send(proxy, "GET", READY)
    line = proxy.request_line(response.headers["x-request-id"])
    assert (line["route"], line["status"]) == (READY, 200)
