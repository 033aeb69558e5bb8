"""A small load is measured whole; with which figures, no test can say."""

import shutil
from collections import Counter
from pathlib import Path

import pytest

from scripts.bench.load_tables import Loaded, load_tables
from scripts.bench.nginx import find_nginx
from scripts.bench.processes import Usage, Watch
from tests.bench.rows import Cells, bench, read_tables

COMPONENT = Path("build/gateway.cwasm")
SIZE = ("--streams=12", "--per-second=40", "--chunks=3", "--seconds=0.2")
THROUGH = ["direct", *(["nginx"] if find_nginx() else []), "gateway", "gateway /chat"]


@pytest.fixture(scope="module")
def tables() -> list[list[Cells]]:
    assert COMPONENT.exists(), f"make {COMPONENT}"
    done = bench("load", *SIZE)
    assert (done.returncode, done.stderr) == (0, "")
    return read_tables(done.stdout)


def test_no_stream_fails(tables: list[list[Cells]]) -> None:
    times, _ = tables
    assert [row[:2] for row in times] == [[name, "0"] for name in THROUGH]


def test_every_time_is_positive(tables: list[list[Cells]]) -> None:
    for _, _, *times in tables[0]:
        assert min(map(float, times[:4])) > 0
    assert tables[0][0][6:] == ["", ""], "direct adds nothing to itself"


def test_every_server_is_weighed(tables: list[list[Cells]]) -> None:
    _, usages = tables
    assert [row[0] for row in usages] == THROUGH
    for _, before, peak, after, *_ in usages[1:]:
        assert 0 < float(before) <= float(peak)
        assert float(after) > 0


def test_failures_are_counted_and_told() -> None:
    watched = Watch({name: Usage() for name in ("client", "upstream", "server")})
    failures = Counter({"broke off": 3})
    failed = Loaded("gateway", 3, [], [], failures, watched, before=1, after=1)
    shown = load_tables([failed])
    assert read_tables(shown)[0] == [["gateway", "3", *["nan"] * 6]]
    assert "gateway failed 3: broke off" in shown


def test_a_gateway_that_serves_nothing_is_an_error() -> None:
    done = bench("load", *SIZE, "--flag=-Opooling-total-core-instances=1")
    assert done.returncode == 1
    assert "A server answered b'500'" in done.stderr


def test_without_nginx_a_line_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    assert find_nginx() is None
