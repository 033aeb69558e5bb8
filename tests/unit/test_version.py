import tomllib
from pathlib import Path

from wire.version import NAME, VERSION

ROOT = Path(__file__).parents[2]


def test_the_version_is_the_projects() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert (NAME, VERSION) == (project["name"], project["version"])


def test_the_changelog_knows_it() -> None:
    assert f"## [{VERSION}]" in (ROOT / "CHANGELOG.md").read_text()
