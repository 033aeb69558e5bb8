"""A composition is compiled both ways; sharing the code makes it less."""

from pathlib import Path

import pytest

from tests.bench.rows import Cells, bench, read_tables

COMPONENT = Path("build/final.wasm")


@pytest.fixture(scope="module")
def rows() -> list[Cells]:
    done = bench("start", "--rounds=1", f"--component={COMPONENT}")
    assert (done.returncode, done.stderr) == (0, "")
    (rows,) = read_tables(done.stdout)
    return rows


def test_a_file_is_compiled_both_ways(rows: list[Cells]) -> None:
    assert [row[:2] for row in rows] == [
        [COMPONENT.name, way] for way in ("whole", "shipped")
    ]


def test_what_is_shipped_is_smaller_compiled_too(rows: list[Cells]) -> None:
    whole, shipped = rows
    assert float(whole[2]) - float(shipped[2]) > 6
    assert float(whole[3]) - float(shipped[3]) > 15


def test_the_ratio_is_of_the_seconds(rows: list[Cells]) -> None:
    whole, shipped = rows
    assert float(shipped[5]) == pytest.approx(
        float(shipped[4]) / float(whole[4]), rel=0.02
    )
