"""The ways to build, and a copy of the manifests to change."""

import shutil
from pathlib import Path

import pytest

from tests.deploy.built import DEPLOY, ROOT
from tests.deploy.kustomize import Build, builders


@pytest.fixture(params=builders())
def build(request: pytest.FixtureRequest) -> Build:
    """Build in each way that there is: our own, and kubectl's where it is installed."""
    return builders()[request.param]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of deploy/, with config/ where it looks for it."""
    shutil.copytree(ROOT / "config", tmp_path / "config")
    return Path(shutil.copytree(DEPLOY, tmp_path / "deploy"))
