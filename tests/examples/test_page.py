"""docs/components.md, followed to the letter."""

import shlex
import subprocess

import pytest

from tests.e2e.upstream import PATIENCE
from tests.examples.conftest import Serve
from tests.examples.page import ADDRESS, Step, asks, makes, serves, steps


@pytest.mark.parametrize(
    ("served", "asked"), asks(), ids=[served.name for served, _ in asks()]
)
def test_an_answer_is_as_shown(serve: Serve, served: Step, asked: Step) -> None:
    host, port = serve(served.name).address
    command = asked.command.replace(ADDRESS, f"{host}:{port}")
    done = subprocess.run(
        shlex.split(command), capture_output=True, check=True, timeout=PATIENCE
    )
    assert done.stdout.decode() == asked.printed


def test_every_command_is_tried() -> None:
    """A command that is found by nothing above would be tried by nobody."""
    asked = [step for _, step in asks()]
    assert len(steps()) == len(makes()) + len(serves()) + len(asked)
    assert asked and serves() and makes()
