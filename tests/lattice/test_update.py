"""From one version to the next while clients ask: no request fails."""

from scripts.lattice.lattice import Lattice
from scripts.lattice.load import load
from scripts.lattice.workloads import Workload
from tests.e2e.upstream import Upstream
from tests.lattice.conftest import NEW, OLD
from tests.lattice.streams import Halves, opened

CLIENTS = 3
ASKED = 20
STREAM_SECONDS = 20.0
"""Far longer than a stream takes here."""


def test_a_rolling_update_fails_no_request(
    lattice: Lattice, first: Workload, second: Workload
) -> None:
    with load(lattice.url, CLIENTS) as running:
        running.wait_for(ASKED, OLD)
        lattice.update(second, STREAM_SECONDS)
        running.wait_for(ASKED, NEW)
        # And back, from one with a pool to one without. Nothing is compiled: the hosts
        # still have the first image.
        lattice.update(first, STREAM_SECONDS)
        running.wait_for(ASKED, OLD)
    assert running.outcomes.failed == 0, running.outcomes
    assert running.outcomes.models.keys() == {OLD, NEW}


def test_an_update_lets_long_streams_end(
    lattice: Lattice, first: Workload, upstream: Upstream
) -> None:
    halves = Halves()
    upstream.play(halves)
    with opened(lattice.url, 6, halves) as streams:
        lattice.update(first, STREAM_SECONDS)
        halves.let.set()
        assert [stream.read_rest() for stream in streams] == [halves.whole] * 6
