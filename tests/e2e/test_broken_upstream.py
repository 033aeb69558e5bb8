"""An upstream that breaks off never looks like a clean end."""

import subprocess
import threading
import time
from collections.abc import Iterator

import httpx
import pytest

from tests.e2e import replies
from tests.e2e.client import ask, connected, read_until, streaming
from tests.e2e.conftest import StartProxy
from tests.e2e.exchange import Exchange
from tests.e2e.marked import PROMPT, chunks
from tests.e2e.proxy import ROOT, ROUTE, Edition, Proxy
from tests.e2e.upstream import PATIENCE, Script, Upstream

FIRST = chunks(1)[0]
CURL_PARTIAL_FILE = 18


def _cut_between_chunks(_: Exchange) -> None:
    """Leave out the last chunk, which alone says that the body is whole."""


def _cut_in_a_chunk(exchange: Exchange) -> None:
    exchange.write(b"1000\r\nhalf of it")


def _reset(exchange: Exchange) -> None:
    exchange.reset()


def _nonsense(exchange: Exchange) -> None:
    exchange.write(b"no chunk\r\n")


def after_a_chunk(end: Script, arrived: threading.Event | None = None) -> Script:
    """Send a chunk and end; if need be not before the client has it."""

    def script(exchange: Exchange) -> None:
        exchange.read_body()
        exchange.start()
        exchange.send(FIRST)
        assert arrived is None or arrived.wait(PATIENCE)
        end(exchange)

    return script


ENDS = [_cut_between_chunks, _cut_in_a_chunk, _reset, _nonsense]


@pytest.mark.parametrize("end", ENDS)
def test_a_broken_stream_is_broken_for_the_client(
    edition: Edition, proxy: Proxy, upstream: Upstream, end: Script
) -> None:
    arrived = threading.Event()
    upstream.play(after_a_chunk(end, arrived))
    received = b""
    with pytest.raises(httpx.RemoteProtocolError), streaming(proxy) as response:
        assert response.status_code == 200
        for piece in response.iter_raw():
            received += piece
            arrived.set()
    assert received.startswith(FIRST)
    line = proxy.request_line(response.headers["x-request-id"])
    assert line["outcome"] == edition.outcome("upstream_broken")
    assert edition.relays or line["cause"]


@pytest.mark.parametrize("end", ENDS)
def test_the_last_chunk_is_missing_on_the_wire(
    proxy: Proxy, upstream: Upstream, end: Script
) -> None:
    arrived = threading.Event()
    upstream.play(after_a_chunk(end, arrived))
    with connected(proxy) as connection:
        received = read_until(connection, FIRST)
        arrived.set()
        try:
            while piece := connection.recv(65536):
                received += piece
        except ConnectionResetError:
            pass
    assert received.startswith(b"HTTP/1.1 200 ")
    assert not received.endswith(b"0\r\n\r\n")


def received_before_a_break(proxy: Proxy, upstream: Upstream) -> Iterator[bytes]:
    """Yield, ten times, what comes of `FIRST` if the upstream breaks at once."""

    def say_and_break(exchange: Exchange) -> None:
        exchange.read_body()
        exchange.start()
        exchange.send(FIRST)

    upstream.play(say_and_break)
    for _ in range(10):
        received = b""
        with pytest.raises(httpx.RemoteProtocolError), streaming(proxy) as response:
            for piece in response.iter_raw():
                received += piece
        yield received


def test_what_came_just_before_the_break_is_not_lost(
    proxy: Proxy, upstream: Upstream
) -> None:
    assert [*received_before_a_break(proxy, upstream)] == [FIRST] * 10


def test_curl_tells_of_it(proxy: Proxy, upstream: Upstream) -> None:
    arrived = threading.Event()
    upstream.play(after_a_chunk(_cut_between_chunks, arrived))
    command = ["curl", "-sN", "--noproxy", "*", "-m", str(PATIENCE), "-d", PROMPT]
    with subprocess.Popen(
        [*command, proxy.url + ROUTE], stdout=subprocess.PIPE
    ) as curl:
        assert curl.stdout
        assert curl.stdout.read(len(FIRST)) == FIRST
        arrived.set()
        assert curl.stdout.read() == b""
    assert curl.returncode == CURL_PARTIAL_FILE


def test_a_body_shorter_than_its_length(proxy: Proxy, upstream: Upstream) -> None:
    def short(exchange: Exchange) -> None:
        exchange.read_body()
        exchange.start_plain(200, replies.JSON | {"content-length": "1000"})
        exchange.write(FIRST[:100])

    upstream.play(short)
    with pytest.raises(httpx.RemoteProtocolError):
        ask(proxy)


def test_too_long_a_silence_breaks_the_stream(
    edition: Edition, start_proxy: StartProxy, upstream: Upstream
) -> None:
    upstream.play(after_a_chunk(Exchange.wait_closed))
    proxy = start_proxy(PROXY_BETWEEN_BYTES_TIMEOUT_MS="300")
    started = time.monotonic()
    with pytest.raises(httpx.RemoteProtocolError), streaming(proxy) as response:
        assert response.status_code == 200
        response.read()
    assert 0.3 <= time.monotonic() - started < 5
    assert upstream.exchange().closed.wait(5)
    line = proxy.request_line(response.headers["x-request-id"])
    assert line["outcome"] == edition.outcome("upstream_broken")


@pytest.mark.parametrize(
    "name", ["error_mid_stream", "response_failed", "response_incomplete"]
)
def test_an_error_event_ends_well(
    edition: Edition, proxy: Proxy, upstream: Upstream, name: str
) -> None:
    sent = (ROOT / "tests" / "fixtures" / f"{name}.sse").read_bytes()
    upstream.play(replies.stream([sent[:100], sent[100:]]))
    response = ask(proxy)
    assert (response.status_code, response.content) == (200, sent)
    line = proxy.request_line(response.headers["x-request-id"])
    assert line["outcome"] == edition.outcome("complete")
