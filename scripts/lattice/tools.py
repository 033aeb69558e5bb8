"""The programs that the lattice needs beside our own: found, or put into build/tools.

Debian's packages are unpacked there without being installed, which needs no root.
"""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scripts.lattice.daemons import LatticeError

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / "build" / "tools"


@dataclass(frozen=True, slots=True)
class Found:
    """A program that can be run."""

    path: Path
    environ: Mapping[str, str] = field(default_factory=dict)
    """What it has to be started with, for its libraries."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A program, which Debian has in a package of the same name."""

    name: str

    def find(self) -> Found:
        """Return the system's, else the one in build/tools. Raises `LatticeError`."""
        # Debian keeps servers where only root looks.
        path = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
        if own := shutil.which(self.name, path=path):
            return Found(Path(own))
        home = TOOLS / self.name
        return self._unpacked(home) or self._install(home)

    def _unpacked(self, home: Path) -> Found | None:
        for folder in ("usr/sbin", "usr/bin"):
            if (path := home / folder / self.name).exists():
                libraries = [str(path) for path in home.glob("*usr/lib/*-linux-gnu")]
                return Found(path, {"LD_LIBRARY_PATH": ":".join(libraries)})
        return None

    def _install(self, home: Path) -> Found:
        missing = f"{self.name} is not installed: apt-get install {self.name}"
        if not shutil.which("apt-get") or not shutil.which("dpkg"):
            raise LatticeError(missing)
        try:
            unpack(self.name, home)
        except subprocess.CalledProcessError as error:
            said = f"{error.stdout}{error.stderr}".strip()
            raise LatticeError(f"{missing}\n{said}") from error
        if found := self._unpacked(home):
            return found
        raise LatticeError(missing)


def unpack(package: str, home: Path) -> None:
    """Unpack a package and what it depends on that this machine lacks.

    Raises `subprocess.CalledProcessError`.
    """
    part = home.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    (part / "lists" / "partial").mkdir(parents=True)
    own_lists: list[str] = []
    try:
        packages = _needed(package, own_lists)
    except subprocess.CalledProcessError:
        # A fresh machine has no lists of packages, or old ones.
        own_lists = [f"-oDir::State::Lists={part}/lists", f"-oDir::Cache={part}"]
        _run("apt-get", *own_lists, "update", folder=part)
        packages = _needed(package, own_lists)
    _run("apt-get", *own_lists, "download", *packages, folder=part)
    for archive in part.glob("*.deb"):
        _run("dpkg", "-x", archive.name, ".", folder=part)
        archive.unlink()
    shutil.rmtree(home, ignore_errors=True)
    part.rename(home)


def _needed(package: str, lists: list[str]) -> list[str]:
    """Return the package and whatever apt would install for it."""
    planned = _run(
        "apt-get", *lists, "--simulate", "--no-install-recommends", "install", package
    )
    lines = [line.split() for line in planned.splitlines()]
    return sorted({package} | {line[1] for line in lines if line[:1] == ["Inst"]})


def _run(*command: str, folder: Path | None = None) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "LC_ALL": "C"},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


NATS_SERVER = Tool("nats-server")
DOCKER_REGISTRY = Tool("docker-registry")
HAPROXY = Tool("haproxy")
