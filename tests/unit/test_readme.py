"""What the README says is checked against what is."""

import os
import re
import subprocess
from pathlib import Path

from http_proxy.routing import METHODS, Route
from wire.errors import _FAILURES

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def test_make_help_is_as_shown() -> None:
    printed = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "MAKEFLAGS": ""},
    ).stdout
    shown = re.search(r"    \$ make help\n((?:    make .*\n)+)", README)
    assert shown
    assert shown[1].replace("    make", "make") == printed


def test_every_route_is_told_of() -> None:
    told = set(re.findall(r"^\| `([A-Z]+) (/[a-z-]+)`", README, re.MULTILINE))
    one_method = {Route.OPENAI_PROXY, Route.HEALTH}
    assert told == {(METHODS[route][0], route.value) for route in one_method}
    assert "| `/v1/...` |" in README
    assert set(Route) == one_method | {Route.API, Route.ANY}


def test_every_error_code_is_told_of() -> None:
    source = "".join(
        path.read_text()
        for package in ("wire", "wasi_http", "http_proxy", "openai_component")
        for path in (ROOT / package).rglob("*.py")
    )
    codes = set(re.findall(r'code="(\w+)"', source))
    codes |= {code for code, _ in _FAILURES.values()}
    errors = README[README.index("| status | code | when |") :].split("\n\n", 1)[0]
    assert codes == {c for c in re.findall(r"`(\w+)`", errors) if "_" in c}


def test_every_folder_is_told_of() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    folders = {line.split("/")[0] for line in listed.splitlines() if "/" in line}
    layout = README[README.index("## Layout") : README.index("## Troubleshooting")]
    told = {name.split("/")[0] for name in re.findall(r"^\| `(\w+)/", layout, re.M)}
    assert told == {folder for folder in folders if not folder.startswith(".")} - {
        "docs",
        "requirements",
    }
