"""Streams through every host, and through the balancer in front of them."""

import threading

import httpx
import pytest

from scripts.lattice.lattice import Lattice
from tests.e2e.exchange import Exchange
from tests.e2e.in_step import InStep
from tests.e2e.marked import PROMPT, chunks
from tests.e2e.upstream import PATIENCE, Upstream
from tests.lattice.streams import Halves, opened

DOORS = ("host-1", "host-2", "host-3", "balancer")


def door(lattice: Lattice, name: str) -> str:
    return lattice.url if name == "balancer" else lattice.hosts[name].url


@pytest.mark.parametrize("name", DOORS)
def test_no_chunk_waits_for_the_next(
    lattice: Lattice, upstream: Upstream, name: str
) -> None:
    in_step = InStep(upstream, chunks(20))
    url = f"{door(lattice, name)}/openai-proxy"
    with httpx.stream("POST", url, content=PROMPT, timeout=PATIENCE) as response:
        in_step.read(response)


@pytest.mark.parametrize("name", DOORS)
def test_a_client_that_goes_away_cancels_the_upstream(
    lattice: Lattice, upstream: Upstream, name: str
) -> None:
    def wait_for_the_end(exchange: Exchange) -> None:
        exchange.read_body()
        exchange.start()
        exchange.send(b"data: 1\n\n")
        exchange.wait_closed()

    upstream.play(wait_for_the_end)
    url = f"{door(lattice, name)}/openai-proxy"
    with httpx.stream("POST", url, content=PROMPT, timeout=PATIENCE) as response:
        assert next(response.iter_raw())
    assert upstream.exchange().closed.wait(PATIENCE)


@pytest.mark.parametrize("name", DOORS)
def test_a_broken_upstream_is_a_broken_transfer(
    lattice: Lattice, upstream: Upstream, name: str
) -> None:
    read = threading.Event()

    def cut(exchange: Exchange) -> None:
        exchange.read_body()
        exchange.start()
        exchange.send(b"data: 1\n\n")
        assert read.wait(PATIENCE)
        exchange.reset()

    upstream.play(cut)
    url = f"{door(lattice, name)}/openai-proxy"
    with httpx.stream("POST", url, content=PROMPT, timeout=PATIENCE) as response:
        arriving = response.iter_raw()
        assert next(arriving) == b"data: 1\n\n"
        read.set()
        with pytest.raises(httpx.RemoteProtocolError):
            next(arriving)


def test_streams_are_spread_over_all_hosts(
    lattice: Lattice, upstream: Upstream
) -> None:
    halves = Halves()
    upstream.play(halves)
    with opened(lattice.url, 6, halves) as streams:
        assert [lattice.balancer.streams(name) for name in lattice.hosts] == [2, 2, 2]
        halves.let.set()
        assert [stream.read_rest() for stream in streams] == [halves.whole] * 6
