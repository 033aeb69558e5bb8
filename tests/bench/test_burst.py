"""A burst is measured whole, and nothing of it fails with the flags of `make serve`."""

from pathlib import Path

import pytest

from tests.bench.rows import Cells, bench, read_tables

EDITIONS = ("final", "gateway")
REQUESTS = "300"
"""Ten times what a stock wasmtime has room for."""
PATIENCE = 400.0
STOCK = "--flag=-Opooling-total-core-instances=1000"


@pytest.fixture(scope="module")
def rows() -> list[Cells]:
    for name in EDITIONS:
        assert Path(f"build/{name}.cwasm").exists(), f"make build/{name}.cwasm"
    done = bench("burst", f"--requests={REQUESTS}", seconds=PATIENCE)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    (table,) = read_tables(done.stdout)
    return table


def test_no_request_fails(rows: list[Cells]) -> None:
    assert [row[:3] for row in rows] == [[name, REQUESTS, "0"] for name in EDITIONS]


def test_every_figure_is_positive(rows: list[Cells]) -> None:
    for _, _, _, *figures in rows:
        p50, p99, before, held, after, each = map(float, figures)
        assert 0 < p50 <= p99
        assert 0 < before < held
        assert min(after, each) > 0


def test_what_a_host_without_room_refuses_is_told() -> None:
    pair = ("--component", "build/final.cwasm")
    done = bench("burst", "--requests=60", *pair, STOCK, seconds=PATIENCE)
    assert done.returncode == 1
    (((*told, _, _, _, _, _, _),),) = read_tables(done.stdout)
    assert told == ["final", "60", "27"]
    assert "27 failed: A server answered b'500'" in done.stdout
