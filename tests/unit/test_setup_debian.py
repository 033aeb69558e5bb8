"""The servers of others: the system's, or those unpacked into build/tools."""

import subprocess
from pathlib import Path

import pytest

from scripts.setup import debian
from scripts.setup.debian import PackageError, prepare


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which nothing is installed, apt neither."""
    monkeypatch.setattr(debian, "FOLDERS", ())
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))


def place(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def test_the_system_s_is_taken(tmp_path: Path) -> None:
    own = place(tmp_path / "bin" / "haproxy")
    prepare(tmp_path / "tools" / "haproxy")
    assert (tmp_path / "tools" / "haproxy").resolve() == own


def test_what_is_unpacked_is_run_with_its_libraries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for program in ("apt-get", "dpkg"):
        place(tmp_path / "bin" / program)

    def unpack(package: str, packages: Path) -> Path:
        says = '#!/bin/sh\necho "$LD_LIBRARY_PATH $@"\n'
        place(packages / package / "usr/sbin/haproxy", says)
        place(packages / package / "usr/lib/x86_64-linux-gnu/libany.so.1")
        return packages / package

    monkeypatch.setattr(debian, "unpack", unpack)
    target = tmp_path / "with space" / "haproxy"
    prepare(target)
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    said = subprocess.run([target, "-v"], check=True, capture_output=True, text=True)
    home = target.parent.resolve() / "packages/haproxy"
    assert said.stdout == f"{home}/usr/lib/x86_64-linux-gnu -v\n"


def test_without_apt_the_package_is_named(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="apt-get install haproxy"):
        prepare(tmp_path / "tools" / "haproxy")


def test_what_cannot_be_downloaded_leaves_nothing(tmp_path: Path) -> None:
    for program in ("apt-get", "dpkg"):
        place(
            tmp_path / "bin" / program,
            "#!/bin/sh\necho no such package >&2\nexit 100\n",
        )
    with pytest.raises(PackageError, match="no such package"):
        prepare(tmp_path / "tools" / "haproxy")
    left = [path for path in (tmp_path / "tools").rglob("*") if path.is_file()]
    assert left == []
