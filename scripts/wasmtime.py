"""`wasmtime serve`: the program that the project pins, or another, and its command."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

WASMTIME = Path(sys.executable).with_name("wasmtime")
PRECOMPILED = ("--no-logging-prefix", "--allow-precompiled")
"""Flags for a .cwasm, and for a log of our lines alone."""
OLDEST = 46
"""The first version with WASI 0.3; the flags of `make serve` are not older either."""


@dataclass(frozen=True, slots=True)
class Program:
    """A `wasmtime`; `version` is empty for the one that the project pins."""

    path: Path
    version: str = ""

    def compiled(self, component: Path) -> Path:
        """Return a file that this program can load.

        What one version has compiled, no other takes: the Makefile compiles for the
        one that is pinned, and this for another, once for each version and file.
        Raises `ValueError`.
        """
        if not self.version:
            return component
        made = component.parent / f"wasmtime-{self.version}" / f"{component.stem}.cwasm"
        if not (made.exists() and made.stat().st_mtime > component.stat().st_mtime):
            print(
                f"Compiling {component} for wasmtime {self.version}, this once.",
                flush=True,
            )
            self._compile(component, made)
        return made

    def _compile(self, component: Path, made: Path) -> None:
        made.parent.mkdir(parents=True, exist_ok=True)
        # A server maps the file into its memory: a new one takes its place.
        part = made.with_suffix(".part")
        command = [str(self.path), "compile", str(component), "-o", str(part)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise ValueError(f"{self.path} did not compile {component}: {done.stderr}")
        part.replace(made)


PINNED = Program(WASMTIME)


def find_program(named: str) -> Program:
    """Return the program at a path, or found by its name. Raises `ValueError`."""
    found = shutil.which(Path(named).expanduser())
    if found is None:
        raise ValueError(f"WASMTIME={named} is no program: give the path of one.")
    try:
        said = subprocess.run([found, "--version"], capture_output=True, text=True)
    except OSError as error:
        raise ValueError(f"WASMTIME={named} cannot be run: {error.strerror}.") from None
    version = re.match(r"wasmtime(?:-cli)? (([0-9]+)\.[0-9.]+)", said.stdout)
    if version is None:
        raise ValueError(f"WASMTIME={named} does not say that it is wasmtime.")
    if int(version[2]) < OLDEST:
        raise ValueError(
            f"WASMTIME={named} is wasmtime {version[1]}: `make serve` needs {OLDEST} "
            "or later."
        )
    return Program(Path(found), version[1])


def serve_command(
    component: Path,
    addr: str,
    flags: Iterable[str],
    variables: Iterable[str],
    program: Path = WASMTIME,
) -> list[str]:
    """Build it; it names variables and holds no value of any: all may see it."""
    return [
        str(program),
        "serve",
        "-Scommon",
        f"--addr={addr}",
        *flags,
        *(f"--env={name}" for name in variables),
        str(component),
    ]
