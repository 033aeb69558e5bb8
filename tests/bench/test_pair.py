"""The pair's tables are filled; with which figures, no test can say."""

from pathlib import Path

import pytest

from tests.bench.rows import Cells, bench, read_tables

COMPONENT = Path("build/final.cwasm")
KINDS = ("fresh", "reused")
FIGURES = (
    "time to first byte, ms",
    "delay of a chunk, median, ms",
    "delay of a chunk, 95 %, ms",
    "streams of 20 /s, 1 connection",
    "streams of 20 /s, 16 connections",
    "GET /health /s, 1 connection",
    "GET /health /s, 16 connections",
)
HELD = ("1", "4")
Rows = dict[tuple[str, str], Cells]


@pytest.fixture(scope="module")
def rows() -> Rows:
    assert COMPONENT.exists(), f"make {COMPONENT}"
    done = bench("pair", "--quick")
    assert (done.returncode, done.stderr) == (0, "")
    compared, held = read_tables(done.stdout)
    return {(first, kind): rest for first, kind, *rest in (*compared, *held)}


def test_every_row_is_there(rows: Rows) -> None:
    firsts = (*FIGURES, *HELD)
    assert rows.keys() == {(first, kind) for first in firsts for kind in KINDS}


def test_every_figure_is_positive(rows: Rows) -> None:
    for figure in FIGURES:
        for kind in KINDS:
            direct, proxied, _, ratio, spread, _ = rows[figure, kind]
            lowest, highest = map(float, spread.split(".."))
            assert min(float(direct), float(proxied), lowest) > 0, (figure, kind)
            assert lowest <= float(ratio) <= highest


def test_memory_is_positive(rows: Rows) -> None:
    for streams in HELD:
        for kind in KINDS:
            before, during, after, _ = rows[streams, kind]
            assert min(float(before), float(during), float(after)) > 0


def test_a_missing_component_is_named() -> None:
    done = bench("pair", "--component", "build/nothing.cwasm")
    assert done.returncode == 1
    assert "build/nothing.cwasm is missing" in done.stderr


def test_a_server_that_ends_at_once_is_an_error_with_its_log(tmp_path: Path) -> None:
    broken = tmp_path / "broken.wasm"
    broken.write_bytes(b"no component")
    done = bench("pair", "--component", str(broken))
    assert done.returncode == 1
    assert "does not listen" in done.stderr
    assert "fresh.log" in done.stderr
