"""The examples, built and served once for all tests by the commands of the page."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.e2e.conftest import account, shared_upstream, upstream
from tests.examples.page import makes, serves
from tests.examples.server import LOGS, Served, make

__all__ = ["account", "shared_upstream", "upstream"]

Serve = Callable[[str], Served]


@pytest.fixture(scope="session", autouse=True)
def made() -> None:
    """Run the page's make commands, in their order."""
    shutil.rmtree(LOGS, ignore_errors=True)
    for step in makes():
        done = make(step.command)
        assert done.returncode == 0, (step.command, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def serve(account: dict[str, str]) -> Iterator[Serve]:
    """Serve what the page serves, by the file's name; each once."""
    commands = {step.name: step for step in serves()}
    running: dict[str, Served] = {}
    with ExitStack() as stack:

        def start(name: str) -> Served:
            if name not in running:
                running[name] = Served(commands[name], account)
                stack.callback(running[name].stop)
            return running[name]

        yield start
