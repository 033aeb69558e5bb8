"""An installation from a lock takes what it lists, which is all that is needed."""

import json
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
LOCKS = {path.stem: path for path in (ROOT / "requirements").glob("*.txt")}
INSTALLED = ("build", "wash", "lattice", "dev")
"""Those that go into this environment, whose metadata can be read here."""
NPM_LOCKS = sorted(ROOT.glob("tests/*/node/package-lock.json"))
GROUPS = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]


@cache
def pins(name: str) -> dict[str, Version]:
    """Return the version of each package that a lock lists for this machine."""
    lines = re.findall(r"^([^\s#]+==[^\\\n]+)", LOCKS[name].read_text(), re.MULTILINE)
    listed = [Requirement(line) for line in lines]
    return {
        canonicalize_name(each.name): Version(str(each.specifier).removeprefix("=="))
        for each in listed
        if each.marker is None or each.marker.evaluate()
    }


def asked(group: str) -> Iterator[Requirement]:
    """Yield what a group of pyproject.toml asks for."""
    for each in GROUPS[group]:
        if isinstance(each, dict):
            yield from asked(each["include-group"])
        else:
            yield Requirement(each)


def needed(requirement: Requirement) -> Iterator[Requirement]:
    """Yield what a package, with the extras asked for, says that it needs."""
    extras = requirement.extras or {""}
    for line in distribution(requirement.name).requires or []:
        needs = Requirement(line)
        marker = needs.marker
        if marker is None or any(marker.evaluate({"extra": each}) for each in extras):
            yield needs


@pytest.mark.parametrize("name", INSTALLED)
def test_a_lock_lists_all_that_its_packages_ask_for(name: str) -> None:
    waiting, seen = list(asked(name)), set[str]()
    while waiting:
        requirement = waiting.pop()
        if str(requirement) in seen:
            continue
        seen.add(str(requirement))
        locked = pins(name).get(canonicalize_name(requirement.name))
        assert locked is not None, f"{name}.txt lacks {requirement}"
        assert requirement.specifier.contains(locked, prereleases=True), requirement
        waiting += needed(requirement)


@pytest.mark.parametrize("name", INSTALLED)
def test_what_a_lock_lists_is_what_is_installed(name: str) -> None:
    versions = {each: distribution(each).version for each in pins(name)}
    assert {each: str(version) for each, version in pins(name).items()} == versions


@pytest.mark.parametrize("name", sorted(LOCKS))
def test_a_group_and_its_lock_name_the_same_versions(name: str) -> None:
    for requirement in asked(name):
        locked = pins(name)[canonicalize_name(requirement.name)]
        assert str(requirement.specifier) == f"=={locked}"


@pytest.mark.parametrize("path", NPM_LOCKS, ids=lambda path: path.parts[-3])
def test_an_npm_lock_lists_all_that_its_packages_ask_for(path: Path) -> None:
    packages: dict[str, dict[str, Any]] = json.loads(path.read_text())["packages"]
    for place, package in packages.items():
        for name in package.get("dependencies", {}) | package.get(
            "optionalDependencies", {}
        ):
            assert any(each in packages for each in above(place, name)), name


def above(place: str, name: str) -> Iterator[str]:
    """Yield where Node.js looks for a package, from another's place upward."""
    while place:
        yield f"{place}/node_modules/{name}"
        place = place.rpartition("node_modules/")[0].rstrip("/")
    yield f"node_modules/{name}"


def wheel(folder: Path, name: str, version: str, needs: str = "") -> Path:
    """Write an empty package."""
    info = f"{name}-{version}.dist-info"
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            f"{info}/METADATA",
            f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}",
        )
        archive.writestr(
            f"{info}/WHEEL",
            "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        archive.writestr(f"{info}/RECORD", "")
    return path


def pinned(path: Path) -> str:
    name, version, *_ = path.name.split("-")
    return f"{name}=={version} --hash=sha256:{sha256(path.read_bytes()).hexdigest()}\n"


def test_a_newer_version_in_the_registry_changes_nothing(tmp_path: Path) -> None:
    needs = "Provides-Extra: toml\nRequires-Dist: measure[toml]>=1.0\n"
    plugin = wheel(tmp_path, "plugin", "1.0", needs)
    measure = wheel(tmp_path, "measure", "1.0", "Provides-Extra: toml\n")
    wheel(tmp_path, "measure", "2.0", "Provides-Extra: toml\n")
    lock, target = tmp_path / "lock.txt", tmp_path / "installed"
    lock.write_text(pinned(plugin) + pinned(measure))
    index = ["--no-index", "--find-links", str(tmp_path), "--target", str(target)]
    subprocess.run(
        [ROOT / "scripts/setup/install_lock.sh", sys.executable, lock, *index],
        check=True,
    )
    assert {each.name for each in target.glob("*.dist-info")} == {
        "plugin-1.0.dist-info",
        "measure-1.0.dist-info",
    }
