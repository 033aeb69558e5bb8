"""A short soak is measured whole; whether anything grows, only a long one can say."""

from pathlib import Path

import pytest

from tests.bench.rows import Cells, bench, read_tables

COMPONENT = Path("build/gateway.cwasm")
STREAMS = 100


@pytest.fixture(scope="module")
def rows() -> list[Cells]:
    assert COMPONENT.exists(), f"make {COMPONENT}"
    done = bench("soak", f"--streams={STREAMS}", "--connections=4")
    assert (done.returncode, done.stderr) == (0, "")
    (table,) = read_tables(done.stdout)
    return table


def test_readings_are_taken_on_the_way_and_after_it(rows: list[Cells]) -> None:
    parts = [1, 10, 25, 50, 75, 100, 100]
    assert [int(row[0]) for row in rows] == parts


def test_no_stream_fails(rows: list[Cells]) -> None:
    assert {row[1] for row in rows} == {"0"}


def test_every_reading_has_its_figures(rows: list[Cells]) -> None:
    for _, _, rate, private, _, _, *_ in rows[:-1]:
        assert float(rate) > 0
        assert float(private) > 0
    assert float(rows[-1][3]) > 0
