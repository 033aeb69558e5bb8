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
FOLDERS = ("/usr/sbin", "/usr/local/sbin")
"""Where Debian keeps servers, and only root looks."""


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
        path = os.pathsep.join([os.environ.get("PATH", ""), *FOLDERS])
        if own := shutil.which(self.name, path=path):
            return Found(Path(own))
        home = TOOLS / self.name
        return self._unpacked(home) or self._install(home)

    def _unpacked(self, home: Path) -> Found | None:
        for folder in ("usr/sbin", "usr/bin"):
            if (path := home / folder / self.name).exists():
                own = ":".join(str(each) for each in home.glob("usr/lib/*-linux-gnu"))
                return Found(path, {"LD_LIBRARY_PATH": own} if own else {})
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
    part.mkdir(parents=True)
    try:
        _download(package, part, [])
    except subprocess.CalledProcessError:
        # A fresh machine has no lists of packages, or old ones.
        (TOOLS / "apt" / "lists" / "partial").mkdir(parents=True, exist_ok=True)
        own = [f"-oDir::State::Lists={TOOLS}/apt/lists", f"-oDir::Cache={TOOLS}/apt"]
        _run("apt-get", *own, "update", folder=part)
        _download(package, part, own)
    for archive in part.glob("*.deb"):
        _run("dpkg", "-x", archive.name, ".", folder=part)
        archive.unlink()
    shutil.rmtree(home, ignore_errors=True)
    part.rename(home)


def _download(package: str, folder: Path, own_lists: list[str]) -> None:
    """Download it, and whatever else apt would install for it."""
    options = ["--simulate", "--no-install-recommends", "install", package]
    planned = _run("apt-get", *own_lists, *options, folder=folder)
    lines = [line.split() for line in planned.splitlines()]
    packages = {package} | {line[1] for line in lines if line[:1] == ["Inst"]}
    _run("apt-get", *own_lists, "download", *sorted(packages), folder=folder)


def _run(*command: str, folder: Path) -> str:
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
