"""Which `wasmtime` serves: the pinned one, or another that is named."""

import os
from pathlib import Path

import pytest

from scripts.wasmtime import PINNED, WASMTIME, find_program, serve_command


def program(folder: Path, version: str) -> Path:
    """Write a stand-in that says a version, and notes what it compiles."""
    path = folder / "wasmtime"
    path.write_text(
        "#!/bin/sh\n"
        f'test "$1" = --version && echo "{version}" && exit\n'
        f'test "$1" = compile && echo "$2" >> {folder}/compiled && cp "$2" "$4"\n'
    )
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("said", ["wasmtime 46.0.0", "wasmtime-cli 50.0.1 (abc)"])
def test_a_program_from_46_on_is_taken(tmp_path: Path, said: str) -> None:
    found = find_program(str(program(tmp_path, said)))
    assert found.version == said.split()[1]
    command = serve_command(Path("x.cwasm"), "127.0.0.1:0", (), (), found.path)
    assert command[0] == str(tmp_path / "wasmtime")


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("wasmtime 45.0.9", "is wasmtime 45.0.9: `make serve` needs 46 or later"),
        ("wasmtime 9.0.0", "needs 46 or later"),
        ("Python 3.11.2", "does not say that it is wasmtime"),
        ("", "does not say that it is wasmtime"),
    ],
)
def test_another_program_is_refused(tmp_path: Path, said: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        find_program(str(program(tmp_path, said)))


def test_what_is_no_program_says_so(tmp_path: Path) -> None:
    text = tmp_path / "text"
    text.write_text("text")
    for named in (str(text), str(tmp_path), str(tmp_path / "none"), "no-such-wasmtime"):
        with pytest.raises(ValueError, match="WASMTIME=.* is no program"):
            find_program(named)
    text.chmod(0o755)
    with pytest.raises(ValueError, match="WASMTIME=.* cannot be run"):
        find_program(str(text))


def test_a_file_is_compiled_once_for_each_version(tmp_path: Path) -> None:
    component = tmp_path / "gateway.wasm"
    component.write_text("one")
    found = find_program(str(program(tmp_path, "wasmtime 50.0.1")))
    made = found.compiled(component)
    assert made == tmp_path / "wasmtime-50.0.1" / "gateway.cwasm"
    assert found.compiled(component) == made
    noted = tmp_path / "compiled"
    assert noted.read_text() == f"{component}\n"
    component.write_text("two")
    later = made.stat().st_mtime + 10
    os.utime(component, (later, later))
    assert found.compiled(component).read_text() == "two"
    assert noted.read_text() == f"{component}\n" * 2


def test_a_file_that_cannot_be_compiled_is_an_error(tmp_path: Path) -> None:
    found = find_program(str(program(tmp_path, "wasmtime 50.0.1")))
    with pytest.raises(ValueError, match="did not compile .*none.wasm"):
        found.compiled(tmp_path / "none.wasm")


def test_the_pinned_one_takes_what_the_makefile_compiles() -> None:
    assert PINNED.path == WASMTIME
    assert PINNED.compiled(Path("build/gateway.cwasm")) == Path("build/gateway.cwasm")
