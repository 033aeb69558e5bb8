"""Put a server of others into build/tools: `python -m scripts.setup.debian TARGET`.

The system's own is linked. Where there is none, Debian's package of the same name is
unpacked beside the target without being installed, which needs no root.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

FOLDERS = ("/usr/sbin", "/usr/local/sbin")
"""Where Debian keeps servers, and only root looks."""
_WRAPPER = """\
#!/bin/sh
home=$(dirname "$(realpath "$0")")/packages/{name}
LD_LIBRARY_PATH="{libraries}" exec "$home/{program}" "$@"
"""


class PackageError(Exception):
    """The program cannot be had; the message says what to do."""


def main() -> int:
    """Prepare the program that the target names; return the exit status."""
    try:
        prepare(Path(sys.argv[1]))
    except PackageError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def prepare(target: Path) -> None:
    """Make the target run the program of its name. Raises `PackageError`."""
    target.parent.mkdir(parents=True, exist_ok=True)
    path = os.pathsep.join([os.environ.get("PATH", ""), *FOLDERS])
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    if own := shutil.which(target.name, path=path):
        part.symlink_to(own)
    else:
        part.write_text(_unpacked(target.name, target.parent / "packages"))
        part.chmod(0o755)
    part.replace(target)


def _unpacked(name: str, packages: Path) -> str:
    """Unpack the package of that name, and return the text of what starts it."""
    missing = f"{name} is not installed: apt-get install {name}"
    if not shutil.which("apt-get") or not shutil.which("dpkg"):
        raise PackageError(missing)
    try:
        home = unpack(name, packages)
    except subprocess.CalledProcessError as error:
        said = f"{error.stdout}{error.stderr}".strip()
        raise PackageError(f"{missing}\n{said}") from error
    for program in (f"usr/sbin/{name}", f"usr/bin/{name}"):
        if (home / program).exists():
            own = [each.relative_to(home) for each in home.glob("usr/lib/*-linux-gnu")]
            libraries = ":".join(f"$home/{each}" for each in own)
            return _WRAPPER.format(name=name, libraries=libraries, program=program)
    raise PackageError(missing)


def unpack(package: str, packages: Path) -> Path:
    """Unpack a package, and what it depends on that this machine lacks.

    Returns its folder in `packages`, whole or not there at all.
    Raises `subprocess.CalledProcessError`.
    """
    packages.mkdir(parents=True, exist_ok=True)
    home = packages / package
    with tempfile.TemporaryDirectory(dir=packages) as part:
        folder = Path(part, package)
        folder.mkdir()
        _download(package, folder, packages / "apt")
        for archive in folder.glob("*.deb"):
            _run("dpkg", "-x", archive.name, ".", folder=folder)
            archive.unlink()
        shutil.rmtree(home, ignore_errors=True)
        folder.rename(home)
    return home


def _download(package: str, folder: Path, apt: Path) -> None:
    """Download by the machine's lists of packages, else by fresh ones of our own."""
    try:
        _download_by([], package, folder)
    except subprocess.CalledProcessError:
        # A fresh machine has no lists of packages, or old ones.
        lists = apt.resolve() / "lists"
        (lists / "partial").mkdir(parents=True, exist_ok=True)
        own = [f"-oDir::State::Lists={lists}", f"-oDir::Cache={apt.resolve()}"]
        _run("apt-get", *own, "update", folder=folder)
        _download_by(own, package, folder)


def _download_by(lists: list[str], package: str, folder: Path) -> None:
    """Download a package, and whatever else apt would install for it."""
    options = ["--simulate", "--no-install-recommends", "install", package]
    planned = _run("apt-get", *lists, *options, folder=folder)
    lines = [line.split() for line in planned.splitlines()]
    packages = {package} | {line[1] for line in lines if line[:1] == ["Inst"]}
    _run("apt-get", *lists, "download", *sorted(packages), folder=folder)


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


if __name__ == "__main__":
    sys.exit(main())
