"""How many requests a host has room for, and what the next one gets."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from scripts.editions import edition_of
from scripts.room import INSTANCES, TAKES, room_flags
from scripts.wasmtime import PRECOMPILED
from tests.e2e.client import ask, send
from tests.e2e.held import ALONE, held
from tests.e2e.make_serve import command_lines, free_address, start, waiting
from tests.e2e.proxy import ROOT, Edition, Proxy
from tests.e2e.upstream import Upstream

HOSTS = (ROOT / "docs" / "hosts.md").read_text()
README = (ROOT / "README.md").read_text()
COLUMNS = {"final": 1, "gateway": 2}
AT_ONCE = 1000
"""Requests that no host of ours may refuse."""


@contextmanager
def _serving(
    name: str, edition: Edition, account: dict[str, str], *flags: str
) -> Iterator[Proxy]:
    given = (*ALONE, *flags, *PRECOMPILED)
    proxy = Proxy(name, account, edition.component, given, edition.logs)
    try:
        yield proxy
    finally:
        proxy.stop()


def _declared(edition: Edition) -> int:
    """Return the instances that docs/hosts.md says a stock wasmtime has room for."""
    row = re.search(r"^\| instances .*\| (\d+) \| (\d+) \|$", HOSTS, re.M)
    assert row
    return int(row[COLUMNS[edition.component.stem]])


def _is_refused(response: httpx.Response) -> bool:
    """Tell whether it is the host's own page, as docs/hosts.md shows it."""
    response.read()
    return (
        response.status_code == 500
        and response.headers["content-type"] == "text/html; charset=UTF-8"
        and "retry-after" not in response.headers
        and "<h1>500 Internal Server Error</h1>" in response.text
    )


def test_what_a_stock_wasmtime_refuses(
    edition: Edition, account: dict[str, str], upstream: Upstream
) -> None:
    room = _declared(edition)
    with _serving("stock-room", edition, account) as proxy:
        with held(proxy, upstream, room + 1) as (*streams, next_one):
            assert [stream.status_code for stream in streams] == [200] * room
            assert _is_refused(next_one)
            # No component is asked: a health check is refused too.
            assert _is_refused(send(proxy, "GET", "/health"))
            assert "limit of 1000 for core instances reached" in proxy.text()
        # The streams were left alone, and what they took is free again.
        proxy.request_lines(room)
        assert ask(proxy).status_code == 200


@pytest.mark.parametrize("name", TAKES)
def test_what_an_instance_takes_is_reckoned(
    edition: Edition, account: dict[str, str], upstream: Upstream, name: str
) -> None:
    """With room for three there is room for three, by each of the bounds."""
    flags = [flag for flag in room_flags(3) if f"total-{name}=" in flag]
    with _serving(f"room-{name}", edition, account, *flags) as proxy:
        with held(proxy, upstream, 3) as streams:
            assert [stream.status_code for stream in streams] == [200] * 3


def test_there_is_room_for_every_connection_of_wasmtime() -> None:
    assert INSTANCES >= AT_ONCE * 1.2


def test_make_serve_has_that_room(edition: Edition) -> None:
    component = edition.component.stem
    address, log = free_address(), f"serve-room-{component}"
    further = ["--flag=--max-concurrent-requests=1000"]
    process = start(address, log, {}, component, logs=edition.logs, further=further)
    with waiting(process, address):
        (line,) = (
            line.decode().split("\0")
            for line in command_lines(process.pid)
            if b"--addr=" in line
        )
    assert {*edition_of(edition.component).flags, *room_flags()} <= {*line}
    assert "--max-concurrent-requests=1000" in line


def test_the_flags_are_those_of_the_docs() -> None:
    shown = re.search(
        r"^    wasmtime serve -Scommon (-Opooling(?:.|\n)*?) --env", HOSTS, re.M
    )
    assert shown
    assert tuple(shown[1].replace("\\", "").split()) == room_flags()
    told = README.partition("**500 with a page of wasmtime's own")[2].partition("\n- ")[
        0
    ]
    assert tuple(re.findall(r"-Opooling\S+\b", told)) == room_flags()


def test_make_hands_flags_on() -> None:
    command = ["make", "--dry-run", "serve", "FLAGS=--one=1 --two"]
    shown = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert " --flag=--one=1 --flag=--two " in shown.stdout
