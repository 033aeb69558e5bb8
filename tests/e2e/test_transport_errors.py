"""No reply from the upstream: 502 where it cannot be reached, 504 where it is slow."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest
import trustme

from tests.e2e import replies
from tests.e2e.client import ask, error_of
from tests.e2e.conftest import StartProxy
from tests.e2e.exchange import Exchange
from tests.e2e.proxy import Proxy
from tests.e2e.upstream import PATIENCE, Upstream


def _check(response: httpx.Response, status: int, code: str) -> str:
    error = error_of(response)
    assert (response.status_code, error["code"]) == (status, code)
    assert error["type"] == "server_error"
    assert error["param"] is None
    message: str = error["message"]
    return message


@pytest.fixture
def refusing() -> Iterator[int]:
    """Hold a port on which nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


def test_a_refused_connection(start_proxy: StartProxy, refusing: int) -> None:
    proxy = start_proxy(OPENAI_BASE_URL=f"http://127.0.0.1:{refusing}/v1")
    response = ask(proxy)
    message = _check(response, 502, "upstream_unreachable")
    assert "refused" in message and str(refusing) not in message
    assert response.headers["x-should-retry"] == "false"
    line = proxy.request_line(response.headers["x-request-id"])
    assert (line["cause"], line["retries"]) == ("connection-refused", 2)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_name_without_address(start_proxy: StartProxy, scheme: str) -> None:
    proxy = start_proxy(
        OPENAI_BASE_URL=f"{scheme}://nosuch.invalid/v1", PROXY_ALLOW_PLAIN_HTTP="true"
    )
    message = _check(ask(proxy), 502, "upstream_name_not_resolved")
    assert "base URL" in message and "nosuch" not in message


def test_a_certificate_that_nobody_vouches_for(start_proxy: StartProxy) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1", "localhost").configure_cert(context)
    upstream = Upstream(context)
    try:
        proxy = start_proxy(OPENAI_BASE_URL=upstream.url)
        message = _check(ask(proxy), 502, "upstream_tls_error")
        assert "certificate" in message
        # Asking again cannot help, and the key never went out.
        assert (upstream.connections, upstream.exchanges) == (1, [])
    finally:
        upstream.close()


def test_a_tls_handshake_that_never_ends(start_proxy: StartProxy) -> None:
    """The kernel accepts the connection, but nobody says a word of TLS."""
    with socket.create_server(("127.0.0.1", 0)) as mute:
        proxy = start_proxy(
            OPENAI_BASE_URL=f"https://127.0.0.1:{mute.getsockname()[1]}/v1",
            PROXY_MAX_RETRIES="0",
            PROXY_CONNECT_TIMEOUT_MS="200",
            PROXY_FIRST_BYTE_TIMEOUT_MS="200",
            PROXY_TOTAL_TIMEOUT_MS="200",
        )
        _check(ask(proxy, patience=3), 504, "upstream_timeout")


def test_an_upstream_that_does_not_even_take_the_prompt(
    start_proxy: StartProxy, upstream: Upstream
) -> None:
    released = threading.Event()

    def take_nothing(_: Exchange) -> None:
        released.wait(PATIENCE)

    upstream.play(take_nothing)
    proxy = start_proxy(PROXY_FIRST_BYTE_TIMEOUT_MS="300", PROXY_MAX_RETRIES="0")
    try:
        _check(ask(proxy, "x" * 1_048_576), 504, "upstream_timeout")
    finally:
        released.set()


def test_a_reset_before_the_head(proxy: Proxy, upstream: Upstream) -> None:
    upstream.play(replies.reset)
    _check(ask(proxy), 502, "upstream_unreachable")
    assert len(upstream.exchanges) == 3


def test_nonsense_instead_of_http(proxy: Proxy, upstream: Upstream) -> None:
    def babble(exchange: Exchange) -> None:
        exchange.read_body()
        exchange.write(b"SSH-2.0-nonsense\r\n\r\n")

    upstream.play(babble)
    _check(ask(proxy), 502, "upstream_unreachable")


def test_a_connection_that_is_not_accepted(start_proxy: StartProxy) -> None:
    """A full backlog: the kernel ignores whoever wants to connect."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(3):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        port = listener.getsockname()[1]
        proxy = start_proxy(
            OPENAI_BASE_URL=f"http://127.0.0.1:{port}/v1",
            PROXY_CONNECT_TIMEOUT_MS="100",
            PROXY_MAX_RETRIES="1",
        )
        response = ask(proxy)
    message = _check(response, 504, "upstream_timeout")
    assert "did not accept a connection" in message
    line = proxy.request_line(response.headers["x-request-id"])
    assert (line["cause"], line["retries"]) == ("connection-timeout", 1)


def test_an_upstream_that_never_answers(
    start_proxy: StartProxy, upstream: Upstream
) -> None:
    upstream.play(replies.silent)
    proxy = start_proxy(PROXY_FIRST_BYTE_TIMEOUT_MS="200", PROXY_MAX_RETRIES="1")
    response = ask(proxy)
    message = _check(response, 504, "upstream_timeout")
    assert "did not answer" in message
    # Every attempt that was given up has been closed.
    assert all(upstream.exchange(number).closed.wait(5) for number in range(2))
    assert len(upstream.exchanges) == 2


def test_the_total_timeout_bounds_all_attempts(
    start_proxy: StartProxy, upstream: Upstream
) -> None:
    upstream.play(replies.silent)
    proxy = start_proxy(
        PROXY_FIRST_BYTE_TIMEOUT_MS="60000",
        PROXY_TOTAL_TIMEOUT_MS="500",
        PROXY_MAX_RETRIES="10",
    )
    started = time.monotonic()
    _check(ask(proxy), 504, "upstream_timeout")
    assert 0.5 <= time.monotonic() - started < 5
    assert len(upstream.exchanges) == 1


def test_the_total_timeout_spares_a_stream(
    start_proxy: StartProxy, upstream: Upstream
) -> None:
    def slow(exchange: Exchange) -> None:
        exchange.read_body()
        exchange.start()
        for piece in b"abc":
            time.sleep(0.3)  # Time itself is what is tested.
            exchange.send(bytes([piece]))
        exchange.finish()

    upstream.play(slow)
    proxy = start_proxy(
        PROXY_TOTAL_TIMEOUT_MS="400",
        PROXY_FIRST_BYTE_TIMEOUT_MS="400",
        PROXY_CONNECT_TIMEOUT_MS="400",
    )
    assert ask(proxy).content == b"abc"
