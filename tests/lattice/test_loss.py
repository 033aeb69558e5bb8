"""One host is lost, or leaves in good order; the others go on."""

import httpx

from scripts.lattice.lattice import Lattice
from tests.e2e.upstream import Upstream
from tests.lattice.streams import Halves, Open, ask, by_model, opened

STREAMS = 6
"""Two for each host."""
ASKED = 6


def end_of(stream: Open) -> bytes | None:
    """Return the whole stream, None if its transfer ends as broken."""
    try:
        return stream.read_rest()
    except httpx.RemoteProtocolError:
        return None


def test_a_host_that_is_killed_breaks_its_own_streams_alone(
    lattice: Lattice, upstream: Upstream
) -> None:
    halves = Halves()
    upstream.play(halves)
    with opened(lattice.url, STREAMS, halves) as streams:
        lattice.hosts["host-2"].daemon.kill()
        halves.let.set()
        ends = [end_of(stream) for stream in streams]
        # At once, before the balancer's probes can tell.
        assert [ask(lattice.url).status_code for _ in range(ASKED)] == [200] * ASKED
    assert sorted(ends, key=bool) == [None, None, *[halves.whole] * 4]
    lattice.await_part("host-2", takes_part=False)
    lattice.revive("host-2")


def test_a_host_that_drains_ends_its_streams_and_gets_no_more(
    lattice: Lattice, upstream: Upstream
) -> None:
    halves = Halves()
    upstream.play(halves)
    leaving = lattice.hosts["host-1"]
    with opened(lattice.url, STREAMS, halves) as streams:
        lattice.drain("host-1")
        assert leaving.daemon.is_running
        assert lattice.balancer.streams("host-1") == 2
        with opened(lattice.url, STREAMS, halves) as later:
            assert lattice.balancer.streams("host-1") == 2
            halves.let.set()
            ends = [stream.read_rest() for stream in [*streams, *later]]
    assert ends == [halves.whole] * 2 * STREAMS
    assert leaving.daemon.wait() == 0
    upstream.play(by_model)
    assert [ask(lattice.url).status_code for _ in range(ASKED)] == [200] * ASKED
    lattice.revive("host-1")


def test_a_host_without_the_workload_gets_no_requests(
    lattice: Lattice, upstream: Upstream
) -> None:
    """It would answer 404: it has just started, or its workload was stopped."""
    assert upstream
    host = lattice.hosts["host-3"]
    host.stop(lattice.workload_id)
    assert httpx.get(f"{host.url}/health").status_code == 404
    lattice.await_part("host-3", takes_part=False)
    assert [ask(lattice.url).status_code for _ in range(ASKED)] == [200] * ASKED
    assert lattice.workload
    host.start(lattice.workload_id, lattice.workload)
    lattice.await_part("host-3")
