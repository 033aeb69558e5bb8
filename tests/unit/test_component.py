"""Which module of a folder is built, and for which world."""

import re
from pathlib import Path

import pytest

from scripts.component import find_module, read_world

ROOT = Path(__file__).parents[2]


def folder(path: Path, *names: str) -> Path:
    path.mkdir()
    for name in names:
        (path / name).touch()
    return path


def test_the_module_has_its_world_beside_it(tmp_path: Path) -> None:
    mine = folder(tmp_path / "mine", "wasi_03.py", "wasi_03.wit")
    assert find_module(mine, "0.3") == mine / "wasi_03.py"


@pytest.mark.parametrize(
    ("name", "files", "wasi", "told"),
    [
        ("mine", ["wasi_02.py", "wasi_02.wit"], "0.3", "wasi_03.py is missing"),
        ("mine", ["wasi_02.py"], "0.2", "wasi_02.wit is missing"),
        ("mine", [], "0.4", "WASI=0.4 is neither 0.2 nor 0.3."),
        (
            "my-own",
            ["wasi_02.py", "wasi_02.wit"],
            "0.2",
            "my-own cannot be the folder's",
        ),
        ("wire", ["wasi_02.py", "wasi_02.wit"], "0.2", "wire cannot be the folder's"),
    ],
)
def test_what_is_missing_is_told(
    tmp_path: Path, name: str, files: list[str], wasi: str, told: str
) -> None:
    mine = folder(tmp_path / name, *files)
    with pytest.raises(ValueError, match=re.escape(told)):
        find_module(mine, wasi)


@pytest.mark.parametrize(
    ("text", "world"),
    [
        ("package a:b;\n\n/// A world.\nworld c-d {\n}\n", "a:b/c-d"),
        ("package a:b@1.2.3;\nworld c {}", "a:b/c@1.2.3"),
    ],
)
def test_a_world_has_its_package_s_name(tmp_path: Path, text: str, world: str) -> None:
    wit = tmp_path / "wasi_02.wit"
    wit.write_text(text)
    assert read_world(wit) == world


def test_a_file_without_a_world_is_told(tmp_path: Path) -> None:
    wit = tmp_path / "wasi_02.wit"
    wit.write_text("package a:b;\n")
    with pytest.raises(ValueError, match="hold a world"):
        read_world(wit)
