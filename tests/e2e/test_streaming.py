"""Every chunk is passed on at once: nothing is held back for more."""

import statistics
import threading
import time

import pytest

from tests.e2e.client import connected, read_until, streaming
from tests.e2e.conftest import StartProxy
from tests.e2e.exchange import Exchange
from tests.e2e.in_step import InStep
from tests.e2e.marked import chunks
from tests.e2e.proxy import Proxy
from tests.e2e.upstream import PATIENCE, Upstream

GAP = 0.1


def test_no_chunk_waits_for_the_next(proxy: Proxy, upstream: Upstream) -> None:
    in_step = InStep(upstream, chunks(20))
    with streaming(proxy) as response:
        in_step.read(response)


def test_the_head_does_not_wait_for_the_first_chunk(
    proxy: Proxy, upstream: Upstream
) -> None:
    head_read = threading.Event()

    def head_first(exchange: Exchange) -> None:
        exchange.read_body()
        exchange.start()
        assert head_read.wait(PATIENCE)
        exchange.send(b"data: 1\n\n")
        exchange.finish()

    upstream.play(head_first)
    with streaming(proxy) as response:
        assert response.status_code == 200
        head_read.set()
        assert response.read() == b"data: 1\n\n"


@pytest.mark.parametrize("piece", [b"x", b"\n", b"\xf0\x9f"])
def test_a_single_byte_is_passed_on(
    proxy: Proxy, upstream: Upstream, piece: bytes
) -> None:
    """Neither a line nor a character nor an event has to be whole for it."""
    arrived = threading.Event()

    def byte_by_byte(exchange: Exchange) -> None:
        exchange.read_body()
        exchange.start()
        exchange.send(piece)
        assert arrived.wait(PATIENCE)
        exchange.finish()

    upstream.play(byte_by_byte)
    with connected(proxy) as connection:
        read_until(connection, b"\r\n%x\r\n%b\r\n" % (len(piece), piece))
        arrived.set()
        read_until(connection, b"0\r\n\r\n")


def test_gaps_are_kept(
    start_proxy: StartProxy, upstream: Upstream, capsys: pytest.CaptureFixture[str]
) -> None:
    pieces = chunks(12)

    def paced(exchange: Exchange) -> None:
        exchange.read_body()
        exchange.start()
        started = time.monotonic()
        for number, piece in enumerate(pieces):
            # The pace itself is what is tested.
            time.sleep(max(0.0, started + number * GAP - time.monotonic()))
            exchange.send(piece)
        exchange.finish()

    upstream.play(paced)
    times, received = [], b""
    with streaming(start_proxy(LOG_LEVEL="info")) as response:
        for piece in response.iter_raw():
            times.append(time.monotonic())
            received += piece
    assert received == b"".join(pieces)
    # A machine that stalls for a moment may join a few.
    assert len(pieces) - 4 <= len(times) <= len(pieces)
    gaps = [late - early for early, late in zip(times, times[1:], strict=False)]
    median = statistics.median(gaps)
    with capsys.disabled():
        print(
            f"\n{len(gaps)} gaps of {GAP * 1000:.0f} ms arrived as "
            f"{min(gaps) * 1000:.1f} to {max(gaps) * 1000:.1f} ms, "
            f"median {median * 1000:.1f} ms"
        )
    assert max(gaps) <= 1
    assert 0.08 <= median <= 0.15
