"""Each host started once for each edition, and the upstream of all."""

import shutil
from collections.abc import Iterator

import pytest

from scripts.hosts.host import Host, Served
from scripts.hosts.roster import HOSTS
from scripts.hosts.wasmtime_serve import WasmtimeServe
from tests.e2e.conftest import shared_upstream, upstream
from tests.e2e.proxy import BUILD
from tests.e2e.upstream import Upstream
from tests.hosts.settings import environment

__all__ = ["shared_upstream", "upstream"]

LOGS = BUILD / "logs" / "hosts"
RUNS = [(host, edition) for host in HOSTS for edition in host.editions]


def _id(run: tuple[Host, str]) -> str:
    host, edition = run
    return f"{host.name}, {edition}".replace(" ", "-")


@pytest.fixture(scope="session", autouse=True)
def fresh_logs() -> None:
    """Forget the logs of earlier runs, so that the log check sees only this one."""
    shutil.rmtree(LOGS, ignore_errors=True)


@pytest.fixture(scope="session", params=RUNS, ids=_id)
def run(request: pytest.FixtureRequest) -> tuple[Host, str]:
    """A host and the edition that it runs."""
    run: tuple[Host, str] = request.param
    return run


@pytest.fixture(scope="session")
def served(run: tuple[Host, str], shared_upstream: Upstream) -> Iterator[Served]:
    """The host, serving; no guest may have trapped when it ends."""
    host, edition = run
    component = BUILD / f"{edition}.wasm"
    if isinstance(host, WasmtimeServe):
        component = host.precompiled(edition)
    home = LOGS / _id(run)
    with host.start(component, environment(shared_upstream), home) as served:
        yield served
        assert "wasm trap" not in served.log()
