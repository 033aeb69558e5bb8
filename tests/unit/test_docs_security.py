"""docs/security.md names tests that there are, and the versions that are in use."""

import re
from pathlib import Path

from scripts.hosts.wasmcloud import WASH_VERSION
from scripts.hosts.wasmtime_serve import NEWEST, NEXT

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text()


def protections() -> list[list[str]]:
    section = PAGE[PAGE.index("## What is protected") : PAGE.index("## What is not")]
    rows = re.findall(r"^\| (.*) \|$", section, re.M)
    return [row.split(" | ") for row in rows[1:]]


def test_every_test_that_is_named_exists() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", PAGE)
    assert len(named) > 20
    for file, test in named:
        text = (ROOT / file).read_text()
        assert not test or f"\ndef {test}(" in text, f"{file}::{test}"


def test_every_protection_is_shown_by_a_test() -> None:
    for what, from_whom, by_what, shown_by in protections():
        assert what and from_whom and by_what
        assert re.search(r"`tests/[\w/]+\.py::\w+`", shown_by), what


def test_the_versions_are_those_in_use() -> None:
    assert f"can pin is {NEWEST.version}" in PAGE
    assert f"tested on {NEXT.version} where it is found" in PAGE
    # The package's version is one more than the program's.
    assert f"wash {WASH_VERSION.rpartition('.')[0]}." in PAGE
