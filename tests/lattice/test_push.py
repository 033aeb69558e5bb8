"""`make push`: a file of build/ in a registry, and what is never overwritten."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.lattice.images import mark, pull
from scripts.lattice.registry import Registry, start_registry
from scripts.push import complete, is_loopback, version
from tests.e2e.proxy import BUILD, ROOT

COMPONENT = BUILD / "no_environment.wasm"
"""Any component will do, and this one is small."""


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    registry = start_registry(tmp_path_factory.mktemp("registry"))
    yield registry
    registry.daemon.stop()


@pytest.fixture(autouse=True)
def nobody_s_credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Those of the user are not asked for."""
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))


def push(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scripts.push", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def pulled(image: str, folder: Path) -> bytes:
    path = folder / "pulled.wasm"
    pull(image, path, is_plain=True)
    return path.read_bytes()


@pytest.mark.parametrize("edition", ["final", "gateway"])
def test_what_is_pulled_are_the_bytes_that_were_pushed(
    registry: Registry, tmp_path: Path, edition: str
) -> None:
    component = BUILD / f"{edition}.wasm"
    image = f"{registry.address}/llm/{edition}"
    pushed = push(image, component)
    assert pushed.returncode == 0, pushed.stderr
    assert f"{image}:{version()} pushed" in pushed.stdout
    assert pulled(f"{image}:{version()}", tmp_path) == component.read_bytes()


def test_a_tag_of_the_image_is_kept(registry: Registry, tmp_path: Path) -> None:
    image = f"{registry.address}/llm/tagged:nightly"
    assert push(image, COMPONENT).returncode == 0
    assert pulled(image, tmp_path) == COMPONENT.read_bytes()


def test_the_same_bytes_again_are_no_error(registry: Registry) -> None:
    image = f"{registry.address}/llm/again"
    assert push(image, COMPONENT).returncode == 0
    again = push(image, COMPONENT)
    assert again.returncode == 0
    assert "is there already, byte for byte" in again.stdout


def test_other_bytes_replace_a_version_only_when_told_to(
    registry: Registry, tmp_path: Path
) -> None:
    image = f"{registry.address}/llm/replaced:1"
    other = tmp_path / "other.wasm"
    other.write_bytes(mark(COMPONENT.read_bytes(), "2"))
    assert push(image, COMPONENT).returncode == 0
    refused = push(image, other)
    assert refused.returncode == 1
    assert "is there with other bytes" in refused.stderr
    assert pulled(image, tmp_path) == COMPONENT.read_bytes()
    assert push(image, other, "--replace").returncode == 0
    assert pulled(image, tmp_path) == other.read_bytes()


def test_a_registry_that_is_not_there_is_told_of() -> None:
    failed = push("127.0.0.1:1/llm/openai-proxy", COMPONENT)
    assert failed.returncode == 1
    assert "cannot be seen, and what is there stays as it is" in failed.stderr
    assert "Connection refused" in failed.stderr
    assert "backtrace" not in failed.stderr


@pytest.mark.parametrize(
    "image", ["IMAGE=", "IMAGE=openai-proxy", "IMAGE=llm/openai-proxy"]
)
def test_make_push_asks_for_an_image_in_a_registry(image: str) -> None:
    command = ["make", "--no-print-directory", "push", image]
    failed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert failed.returncode != 0
    assert "make push IMAGE=registry.example/llm/openai-proxy" in failed.stderr


def test_the_tag_is_the_project_s_unless_the_image_has_one() -> None:
    assert complete("r.example/llm/p", "0.1.0") == "r.example/llm/p:0.1.0"
    assert complete("r.example:5000/p", "0.1.0") == "r.example:5000/p:0.1.0"
    assert complete("r.example:5000/p:x", "0.1.0") == "r.example:5000/p:x"


def test_http_is_for_loopback() -> None:
    assert is_loopback("localhost:5000/p:1")
    assert is_loopback("127.0.0.1:5000/p:1")
    assert is_loopback("[::1]:5000/p:1")
    assert is_loopback("localhost/p:1")
    assert not is_loopback("10.0.0.1:5000/p:1")
    assert not is_loopback("localhost.example/p:1")
