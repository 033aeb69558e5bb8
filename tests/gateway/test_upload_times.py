"""An upload takes its time: the upstream's begins with the last byte sent."""

import threading
import time

import pytest

from tests.e2e import replies
from tests.e2e.client import read_until
from tests.e2e.conftest import StartProxy
from tests.e2e.exchange import Exchange
from tests.e2e.upstream import PATIENCE, Upstream
from tests.gateway.raw import status
from tests.gateway.slow import ended, error_in
from tests.gateway.uploading import CHUNKED, sending

TARGET = "/v1/responses"
TIMES = {
    "PROXY_CONNECT_TIMEOUT_MS": "500",
    "PROXY_FIRST_BYTE_TIMEOUT_MS": "500",
    "PROXY_TOTAL_TIMEOUT_MS": "500",
    "PROXY_MAX_RETRIES": "0",
}
COUNT = 12
LENGTHS = {"small": 12_000, "large": 3_000_000, "chunked": CHUNKED}
lengths = pytest.mark.parametrize("length", LENGTHS.values(), ids=LENGTHS.keys())


@lengths
def test_an_upload_may_last_longer_than_the_first_byte_timeout(
    start_proxy: StartProxy, upstream: Upstream, length: int | None
) -> None:
    upstream.play(replies.answer(200, b"{}"))
    proxy = start_proxy(**TIMES)
    piece = b"x" * ((length or 120_000) // COUNT)
    with sending(proxy, TARGET, length) as request:
        for _ in range(COUNT):
            request.send(piece)
            time.sleep(0.1)  # Time itself is what is tested.
        request.finish()
        received = request.connection.recv(65536)
    assert status(received) == 200
    assert upstream.exchange().body == piece * COUNT


@lengths
def test_the_upstream_may_be_silent_for_so_long_after_it(
    start_proxy: StartProxy, upstream: Upstream, length: int | None
) -> None:
    upstream.play(replies.silent)
    proxy = start_proxy(**TIMES)
    size = length or 120_000
    with sending(proxy, TARGET, length) as request:
        request.send(b"x" * (size // 2))
        time.sleep(0.2)  # Two pieces, so that it is no body that is there at once.
        request.send(b"x" * (size // 2))
        request.finish()
        received = read_until(request.connection, b"}}")
    assert (status(received), error_in(received)["code"]) == (504, "upstream_timeout")
    assert upstream.exchange().closed.wait(5)


def test_the_time_to_send_is_not_taken_from_the_retries(
    start_proxy: StartProxy, upstream: Upstream
) -> None:
    upstream.play(replies.in_turn(replies.answer(503), replies.answer(200, b"{}")))
    proxy = start_proxy(**TIMES | {"PROXY_MAX_RETRIES": "1"})
    with sending(proxy, TARGET, CHUNKED) as request:
        for _ in range(COUNT):
            request.send(b"x")
            time.sleep(0.1)  # Time itself, as above.
        request.finish()
        assert status(request.connection.recv(65536)) == 200
    assert len(upstream.exchanges) == 2


def test_an_upstream_that_takes_nothing_is_given_up(
    start_proxy: StartProxy, upstream: Upstream
) -> None:
    """It would otherwise hold the client, which cannot send, for as long."""
    given_up = threading.Event()

    def wait(_: Exchange) -> None:
        given_up.wait(PATIENCE)

    upstream.play(wait)
    proxy = start_proxy(**TIMES)
    with sending(proxy, TARGET, 50_000_000) as request:
        request.connection.settimeout(0.2)
        try:
            while True:
                request.send(b"x" * 65_536)
        except TimeoutError:
            request.connection.settimeout(10)
        received = ended(request.connection)
    given_up.set()
    assert (status(received), error_in(received)["code"]) == (504, "upstream_timeout")
