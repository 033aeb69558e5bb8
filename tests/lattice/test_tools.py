"""The programs of others: the system's, or those unpacked into build/tools."""

from pathlib import Path

import pytest

from scripts.lattice import tools
from scripts.lattice.daemons import LatticeError
from scripts.lattice.tools import Tool


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which nothing is installed, apt neither."""
    monkeypatch.setattr(tools, "TOOLS", tmp_path / "tools")
    monkeypatch.setattr(tools, "FOLDERS", ())
    monkeypatch.setenv("PATH", str(tmp_path))


def place(path: Path) -> Path:
    path.parent.mkdir(parents=True)
    path.touch(mode=0o755)
    return path


def test_the_system_s_is_taken(tmp_path: Path) -> None:
    own = place(tmp_path / "bin" / "haproxy")
    with pytest.MonkeyPatch.context() as patching:
        patching.setenv("PATH", str(own.parent))
        assert Tool("haproxy").find().path == own


def test_what_was_unpacked_is_taken_with_its_libraries(tmp_path: Path) -> None:
    home = tmp_path / "tools" / "haproxy"
    unpacked = place(home / "usr/sbin/haproxy")
    library = place(home / "usr/lib/x86_64-linux-gnu/libany.so.1")
    found = Tool("haproxy").find()
    assert found.path == unpacked
    assert found.environ == {"LD_LIBRARY_PATH": str(library.parent)}


def test_without_apt_the_package_is_named() -> None:
    with pytest.raises(LatticeError, match="apt-get install haproxy"):
        Tool("haproxy").find()
