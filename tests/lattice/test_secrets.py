"""What a workload is given, and what of it can be seen."""

from pathlib import Path

from scripts.lattice.lattice import Lattice
from scripts.lattice.workloads import Workload
from tests.e2e.client import error_of
from tests.e2e.marked import KEY
from tests.e2e.upstream import Upstream
from tests.lattice.streams import ask


def test_an_upstream_that_is_not_allowed_is_told_of(
    lattice: Lattice, first: Workload, upstream: Upstream
) -> None:
    host = lattice.hosts["host-1"]
    for number, allowed in enumerate([(), ("api.openai.com",)]):
        workload = Workload(
            first.image,
            first.environment,
            allowed_hosts=allowed,
            hostnames=("denied.example",),
        )
        host.start(f"denied-{number}", workload)
        response = ask(host.url, host="denied.example")
        host.stop(f"denied-{number}")
        assert response.status_code == 502
        assert error_of(response)["code"] == "upstream_denied"
    assert upstream.connections == 0


def test_a_new_key_is_in_force_at_once(
    lattice: Lattice, first: Workload, upstream: Upstream
) -> None:
    """A key is rotated as a version is: the same image with another environment."""
    environment = {**first.environment, "OPENAI_API_KEY": f"{KEY}-rotated"}
    rotated = Workload(first.image, environment)
    assert sent_key(lattice, upstream) == KEY
    lattice.update(rotated, 20.0)
    assert sent_key(lattice, upstream) == f"{KEY}-rotated"
    lattice.update(first, 20.0)


def sent_key(lattice: Lattice, upstream: Upstream) -> str:
    """Return the key that the upstream gets."""
    assert ask(lattice.url).status_code == 200
    return upstream.exchanges[-1].request.headers["authorization"].split()[1]


def test_the_key_is_in_no_log_no_process_list_and_no_file(
    lattice: Lattice, home: Path
) -> None:
    assert ask(lattice.url).status_code == 200
    daemons = [host.daemon for host in lattice.hosts.values()]
    daemons += [lattice.nats.daemon, lattice.registry.daemon, lattice.balancer.daemon]
    for daemon in daemons:
        assert KEY not in Path(f"/proc/{daemon.pid}/cmdline").read_text()
    files = [path for path in home.rglob("*") if path.is_file()]
    assert any(path.name == "host-1.log" for path in files)
    assert [path for path in files if KEY.encode() in path.read_bytes()] == []
