"""What the Makefile hands to the scripts: paths as they are, and no wrong edition."""

import os
import shlex
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Ask what make would do."""
    environ = {name: os.environ[name] for name in ("PATH", "HOME")}
    return subprocess.run(
        ["make", "--dry-run", *arguments],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )


def last_command(*arguments: str) -> list[str]:
    """Return the words of the last command that make would run."""
    printed = make(*arguments)
    assert printed.returncode == 0, printed.stderr
    return shlex.split(printed.stdout.replace("\\\n", " ").splitlines()[-1])


@pytest.mark.parametrize(
    ("target", "names"),
    [
        ("serve", ("CONFIG", "WASMTIME")),
        ("wash-dev", ("CONFIG", "SECRETS", "CA")),
        ("settings", ("CONFIG",)),
        ("lattice", ("CONFIG",)),
    ],
)
def test_a_path_may_have_a_space(target: str, names: tuple[str, ...]) -> None:
    paths = {name: f"~/my files/{name}" for name in names}
    command = last_command(target, *(f"{k}={v}" for k, v in paths.items()))
    for name, path in paths.items():
        assert command[command.index(f"--{name.lower()}") + 1] == path


@pytest.mark.parametrize("target", ["serve", "wash-dev", "lattice"])
def test_a_server_ends_with_the_make_that_runs_it(target: str) -> None:
    """`kill` of make ends the shell that it starts, and would leave what that runs."""
    assert last_command(target)[0] == "exec"


@pytest.mark.parametrize("edition", ["gatway", "", "gateway.wasm"])
@pytest.mark.parametrize("target", ["serve", "wash-dev", "settings"])
def test_an_edition_that_is_none_says_which_there_are(
    target: str, edition: str
) -> None:
    printed = make(target, f"EDITION={edition}")
    assert printed.returncode == 2
    assert f"EDITION={edition} is none of final gateway gemini" in printed.stderr


def test_another_wasmtime_compiles_for_itself() -> None:
    assert last_command("serve")[-1] == "build/gateway.cwasm"
    assert last_command("serve", "WASMTIME=/x")[-1] == "build/gateway.wasm"
