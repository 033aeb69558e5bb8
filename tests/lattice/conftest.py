"""One lattice for all tests here: starting it is what takes long.

Each test leaves three hosts that serve, so they can run in any order.
"""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from scripts.lattice.images import mark
from scripts.lattice.lattice import Lattice, running
from scripts.lattice.workloads import Workload
from tests.e2e.marked import KEY
from tests.e2e.proxy import BUILD
from tests.e2e.upstream import Upstream
from tests.lattice.streams import by_model

LOGS = BUILD / "logs" / "lattice"
OLD, NEW = "version-1", "version-2"
"""Each version asks for a model of this name, so that its replies can be told apart."""


@pytest.fixture(scope="session")
def shared_upstream() -> Iterator[Upstream]:
    upstream = Upstream()
    yield upstream
    upstream.close()


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the processes keep their files; their logs are kept for the log check."""
    home = tmp_path_factory.mktemp("lattice")
    yield home
    shutil.rmtree(LOGS, ignore_errors=True)
    LOGS.mkdir(parents=True)
    for log in home.glob("*.log"):
        shutil.copy(log, LOGS)


@pytest.fixture(scope="session")
def first(shared_lattice: Lattice, shared_upstream: Upstream) -> Workload:
    """The first version."""
    return _version(shared_lattice, shared_upstream, BUILD / "gateway.wasm", OLD)


@pytest.fixture(scope="session")
def second(shared_lattice: Lattice, shared_upstream: Upstream, home: Path) -> Workload:
    """The second version: another image, which the hosts compile, and with a pool."""
    marked = home / "second.wasm"
    marked.write_bytes(mark((BUILD / "gateway.wasm").read_bytes(), NEW))
    version = _version(shared_lattice, shared_upstream, marked, NEW)
    return replace(version, pool_size=2, max_concurrency=64)


def _version(
    lattice: Lattice, upstream: Upstream, component: Path, model: str
) -> Workload:
    return Workload(
        lattice.push(component, model),
        {
            "OPENAI_API_KEY": KEY,
            "OPENAI_BASE_URL": upstream.url,
            "OPENAI_MODEL": model,
            "LOG_LEVEL": "debug",
        },
    )


@pytest.fixture(scope="session")
def shared_lattice(home: Path) -> Iterator[Lattice]:
    with running(home) as lattice:
        yield lattice


@pytest.fixture(scope="session")
def deployed(shared_lattice: Lattice, first: Workload) -> Lattice:
    shared_lattice.deploy(first)
    return shared_lattice


@pytest.fixture
def upstream(shared_upstream: Upstream) -> Iterator[Upstream]:
    """The upstream of all versions: it names the model that it was asked for."""
    shared_upstream.play(by_model)
    yield shared_upstream
    shared_upstream.join()


@pytest.fixture
def lattice(deployed: Lattice, upstream: Upstream) -> Lattice:
    """Three hosts that serve, behind a balancer."""
    assert upstream
    for name, host in list(deployed.hosts.items()):
        # A test that failed may have left it so.
        if not host.daemon.is_running:
            deployed.revive(name)
    return deployed
