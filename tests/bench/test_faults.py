"""A short soak with failures: each request has its line, and all is given back."""

from pathlib import Path

import pytest

from scripts.bench.faults import FAULTS
from tests.bench.rows import Cells, bench, read_tables

COMPONENT = Path("build/gateway.cwasm")
REQUESTS = 10 * len(FAULTS)


@pytest.fixture(scope="module")
def tables() -> list[list[Cells]]:
    assert COMPONENT.exists(), f"make {COMPONENT}"
    done = bench("faults", f"--requests={REQUESTS}", "--connections=8")
    assert (done.returncode, done.stderr) == (0, "")
    return read_tables(done.stdout)


def test_each_request_has_a_line_and_no_descriptor_stays(
    tables: list[list[Cells]],
) -> None:
    rows = tables[0]
    first, last = rows[0], rows[-1]
    assert int(last[0]) == int(last[-1]) == REQUESTS
    assert int(last[3]) <= int(first[3])


def test_each_fails_as_it_should(tables: list[list[Cells]]) -> None:
    outcomes = dict(row[0].split(": ") for row in tables[1])
    assert outcomes == {
        "well": "200",
        "reset": "502",
        "end": "502",
        "garbage": "502",
        "silence": "504",
        "cut": "200, broken",
        "stall": "200, broken",
        "huge-headers": "200",
        "gone": "200",
        "slow": "408",
        "long-header": "200",
        "heavy-json": "400",
        "not-json": "400",
    }
