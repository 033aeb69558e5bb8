"""What the README says is checked against what is."""

import os
import re
import subprocess
from pathlib import Path

from http_proxy.routing import METHODS, gateway
from provider.chat.failures import UPSTREAM_ERROR
from wire.errors import _FAILURES

ROOT = Path(__file__).parents[2]
PACKAGES = (
    "wire",
    "wasi_http",
    "http_proxy",
    "provider",
    "openai_component",
    "gemini_component",
)
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
    told = set(re.findall(r"^\| `([A-Z]+) (/[a-z/-]+)`", README, re.MULTILINE))
    own = {path: r for path, r in gateway().paths.items() if path not in ("/v1/", "*")}
    assert told == {(METHODS[route][0], path) for path, route in own.items()}
    assert "| `/v1/...` |" in README


def chat_codes() -> set[str]:
    """Return the codes of `/chat`, most of which no keyword names."""
    chat = (ROOT / "provider" / "chat").rglob("*.py")
    named = r'"((?:upstream|invalid|missing|unknown|empty)_\w+)"'
    codes = {code for path in chat for code in re.findall(named, path.read_text())}
    return codes - {UPSTREAM_ERROR}


def test_every_error_code_is_told_of() -> None:
    source = "".join(
        path.read_text()
        for package in (
            "wire",
            "wasi_http",
            "http_proxy",
            "provider",
            "openai_component",
        )
        for path in (ROOT / package).rglob("*.py")
    )
    codes = set(re.findall(r'code="(\w+)"', source))
    codes |= {code for code, _ in _FAILURES.values()}
    codes |= chat_codes()
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
