"""Each host started once for each edition, and the upstream of all."""

import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager

import pytest

from scripts.hosts.host import Served
from scripts.hosts.roster import HOSTS, WHERE_FOUND
from scripts.hosts.wasmtime_serve import WasmtimeServe
from tests.e2e.conftest import shared_upstream, upstream
from tests.e2e.proxy import BUILD
from tests.e2e.upstream import Upstream
from tests.hosts.settings import environment
from tests.hosts.starting import Run, Starter

__all__ = ["shared_upstream", "upstream"]

LOGS = BUILD / "logs" / "hosts"
TESTED = (*HOSTS, *(host for host in WHERE_FOUND if host.program.exists()))
RUNS = [Run(host, edition) for host in TESTED for edition in host.editions]
TRAP = "wasm trap"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say of each host that was not found that nothing was shown of it."""
    for host in WHERE_FOUND:
        if host not in TESTED:
            series = host.version.partition(".")[0]
            terminalreporter.write_line(
                f"{host.name} was not found, so it was not tested: set "
                f"WASMTIME_{series}=/path/to/wasmtime to test it."
            )


@pytest.fixture(scope="session", autouse=True)
def fresh_logs() -> None:
    """Forget the logs of earlier runs, so that the log check sees only this one."""
    shutil.rmtree(LOGS, ignore_errors=True)


@pytest.fixture(scope="session", params=RUNS, ids=str)
def run(request: pytest.FixtureRequest) -> Run:
    """A host and the edition that it runs."""
    run: Run = request.param
    return run


def selected(session: pytest.Session) -> list[Run]:
    """Return what this session is to run, in its order and each once."""
    calls = (getattr(item, "callspec", None) for item in session.items)
    runs = (call.params.get("run") for call in calls if call)
    return list(dict.fromkeys(run for run in runs if isinstance(run, Run)))


@pytest.fixture(scope="session")
def starter(
    request: pytest.FixtureRequest, shared_upstream: Upstream
) -> Iterator[Starter]:
    """What starts the hosts of this session."""
    environ = environment(shared_upstream)

    def start(run: Run) -> AbstractContextManager[Served]:
        component = BUILD / f"{run.edition}.wasm"
        if isinstance(run.host, WasmtimeServe):
            component = run.host.precompiled(run.edition)
        return run.host.start(component, environ, LOGS / str(run))

    starter = Starter(start, selected(request.session))
    yield starter
    starter.close()


@pytest.fixture(scope="session")
def served(run: Run, starter: Starter) -> Iterator[Served]:
    """The host, serving; no guest may have trapped when it ends."""
    served = starter.get(run)
    yield served
    log = served.log()
    starter.give_back(run)
    assert TRAP not in log
