"""NATS goes and comes back: who serves goes on, and can be told things again."""

import pytest

from scripts.lattice.daemons import LatticeError
from scripts.lattice.lattice import Lattice, await_true
from scripts.lattice.workloads import RUNNING, Workload
from tests.e2e.upstream import Upstream
from tests.lattice.streams import Halves, ask, by_model, opened

BACK_SECONDS = 30.0


def all_obey(lattice: Lattice) -> bool:
    """Tell whether every host answers over NATS, and runs what it ran."""
    try:
        states = [host.state(lattice.workload_id) for host in lattice.hosts.values()]
    except LatticeError:
        return False
    assert states == [RUNNING] * len(states)
    return True


def test_hosts_serve_without_nats_and_obey_when_it_is_back(
    lattice: Lattice, first: Workload, upstream: Upstream
) -> None:
    halves = Halves()
    upstream.play(halves)
    host = lattice.hosts["host-1"]
    other = Workload(first.image, first.environment, hostnames=("other.example",))
    try:
        with opened(lattice.url, 3, halves) as streams:
            lattice.nats.daemon.kill()
            halves.let.set()
            assert [stream.read_rest() for stream in streams] == [halves.whole] * 3
        upstream.play(by_model)
        assert [ask(lattice.url).status_code for _ in range(9)] == [200] * 9
        with pytest.raises(LatticeError, match="NATS cannot be reached"):
            host.start("other", other)
    finally:
        lattice.nats.start_again()
    await_true(lambda: all_obey(lattice), BACK_SECONDS, "the hosts do not come back")
    host.start("other", other)
    assert host.state("other") == RUNNING
    assert ask(host.url, host="other.example").status_code == 200
    host.stop("other")
    assert ask(host.url, host="other.example").status_code == 404
    assert ask(host.url).status_code == 200
