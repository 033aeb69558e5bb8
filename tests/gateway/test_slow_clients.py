"""A client's body has a deadline, on every route; then 408 and the connection's end."""

import time

import pytest

from tests.e2e.client import TEXT, send
from tests.e2e.conftest import StartProxy
from tests.e2e.exchange import Exchange
from tests.e2e.proxy import ROUTE
from tests.e2e.upstream import Upstream
from tests.gateway.raw import status
from tests.gateway.slow import ended, error_in
from tests.gateway.uploading import CHUNKED, sending

SILENCE_MS = "300"
LENGTHS = {"declared": 100, "large": 3_000_000, "chunked": CHUNKED}
lengths = pytest.mark.parametrize("length", LENGTHS.values(), ids=LENGTHS.keys())
routes = pytest.mark.parametrize("target", [ROUTE, "/chat", "/v1/responses"])


def _take(exchange: Exchange) -> None:
    """Take what comes, and answer if it ends."""
    for _ in exchange.pieces():
        pass
    raise AssertionError("the upload has ended well")


@pytest.mark.parametrize("sent", [b"", b"Hello, "], ids=["nothing", "a beginning"])
@lengths
@routes
def test_a_silent_client_is_told_and_left(
    start_proxy: StartProxy,
    upstream: Upstream,
    target: str,
    length: int | None,
    sent: bytes,
) -> None:
    upstream.play(_take)
    proxy = start_proxy(PROXY_CLIENT_TIMEOUT_MS=SILENCE_MS)
    with sending(proxy, target, length) as request:
        if sent:
            request.send(sent)
        received = ended(request.connection)
    if target == ROUTE and length == LENGTHS["large"]:
        assert status(received) == 413
        return
    assert (status(received), error_in(received)["code"]) == (408, "request_timeout")
    line = proxy.request_lines(1)[-1]
    assert (line["status"], line["code"]) == (408, "request_timeout")


@lengths
def test_a_slow_but_steady_upload_passes(
    start_proxy: StartProxy, upstream: Upstream, length: int | None
) -> None:
    """Each piece is sent when the upstream has the one before, after a pause."""
    arrived = 0

    def script(exchange: Exchange) -> None:
        nonlocal arrived
        for piece in exchange.pieces():
            arrived += len(piece)
        exchange.start_plain(200, {"content-length": "0"})

    upstream.play(script)
    proxy = start_proxy(PROXY_CLIENT_TIMEOUT_MS="1000")
    count = 10
    size = (length or 1_000) // count
    with sending(proxy, "/v1/responses", length) as request:
        for _ in range(count):
            request.send(b"x" * size)
            time.sleep(0.2)  # Time itself is what is tested.
        request.finish()
        assert status(request.connection.recv(65536)) == 200
    assert arrived == count * size


@routes
def test_silence_of_ours_is_not_the_clients(
    start_proxy: StartProxy, upstream: Upstream, target: str
) -> None:
    """Who has sent all may wait for a reply longer than it may be silent."""

    def script(exchange: Exchange) -> None:
        exchange.read_body()
        time.sleep(1)  # Time itself, as above.
        exchange.start_plain(200, {"content-length": "2"})
        exchange.write(b"{}")

    upstream.play(script)
    proxy = start_proxy(PROXY_CLIENT_TIMEOUT_MS=SILENCE_MS)
    body = '{"prompt":"Hello"}'
    answer = send(proxy, "POST", target, content=body, headers=TEXT)
    assert answer.status_code in (200, 502)
