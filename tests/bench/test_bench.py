"""`python -m scripts.bench` fills its tables; with which figures, no test can say."""

import subprocess
import sys
from pathlib import Path

import pytest

COMPONENT = Path("build/final.cwasm")
SECONDS = 90.0
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
Cells = list[str]
Rows = dict[tuple[str, str], Cells]


def _bench(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scripts.bench", "--quick", *options],
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )


@pytest.fixture(scope="module")
def rows() -> Rows:
    assert COMPONENT.exists(), f"make {COMPONENT}"
    done = _bench()
    assert (done.returncode, done.stderr) == (0, "")
    return dict(_row(line) for line in done.stdout.splitlines() if _is_row(line))


def _is_row(line: str) -> bool:
    return line.startswith("|") and any(f"| {kind} " in line for kind in KINDS)


def _row(line: str) -> tuple[tuple[str, str], Cells]:
    """Return a row's two names and what comes after them."""
    first, kind, *rest = (cell.strip() for cell in line.strip("|").split("|"))
    return (first, kind), rest


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
    done = _bench("--component", "build/nothing.cwasm")
    assert done.returncode == 1
    assert "build/nothing.cwasm is missing" in done.stderr


def test_a_server_that_ends_at_once_is_an_error_with_its_log(tmp_path: Path) -> None:
    broken = tmp_path / "broken.wasm"
    broken.write_bytes(b"no component")
    done = _bench("--component", str(broken))
    assert done.returncode == 1
    assert "does not listen" in done.stderr
    assert "fresh.log" in done.stderr
