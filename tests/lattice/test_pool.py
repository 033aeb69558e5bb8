"""A pool of instances: what it changes, for good and bad, in wash 2.10.

If a test here fails because a host does better, the pool can be had without its price:
see docs/lattice.md.
"""

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from scripts.lattice.hosts import Host
from scripts.lattice.lattice import Lattice
from scripts.lattice.workloads import Workload
from tests.e2e.exchange import Exchange
from tests.e2e.upstream import PATIENCE, Upstream
from tests.lattice.streams import Halves, opened

POOLED = {"host": "pooled.example"}
SENT_AT_MOST = 200
SILENT_SECONDS = 2.0
"""In which a host that does better would have closed the connection."""


@pytest.fixture
def pooled(lattice: Lattice, first: Workload) -> Iterator[Host]:
    """A host that has the workload a second time, with a pool of one instance."""
    host = lattice.hosts["host-1"]
    workload = replace(
        first, hostnames=("pooled.example",), pool_size=1, max_concurrency=64
    )
    host.start("pooled", workload)
    yield host
    host.stop("pooled")


def test_one_instance_holds_many_streams(pooled: Host, upstream: Upstream) -> None:
    halves = Halves()
    upstream.play(halves)
    with opened(pooled.url, 50, halves, POOLED) as streams:
        halves.let.set()
        assert {stream.read_rest() for stream in streams} == {halves.whole}


def test_stopping_it_cuts_its_streams_as_if_they_were_whole(
    pooled: Host, upstream: Upstream
) -> None:
    """So an update waits until a host with a pool has no streams."""
    halves = Halves()
    upstream.play(halves)
    with opened(pooled.url, 1, halves, POOLED) as (stream,):
        pooled.stop("pooled")
        assert stream.read_rest() == halves.first


def test_a_client_that_goes_is_noticed_when_the_upstream_speaks(
    pooled: Host, upstream: Upstream
) -> None:
    """And no sooner, so what a silent upstream does meanwhile is done for nobody."""
    halves = Halves()

    def speak_on(exchange: Exchange) -> None:
        exchange.read_body()
        exchange.start()
        exchange.send(halves.first)
        assert halves.let.wait(PATIENCE)
        assert not exchange.closes_within(SILENT_SECONDS)
        for _ in range(SENT_AT_MOST):
            exchange.send(b": still here\n\n")
            time.sleep(0.05)

    upstream.play(speak_on)
    with opened(pooled.url, 1, halves, POOLED):
        pass
    assert upstream.exchange().closed.wait(PATIENCE)
