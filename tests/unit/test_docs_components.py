"""docs/components.md names what is there; tests/examples run its commands."""

import re
import textwrap
from pathlib import Path

import pytest

from http_proxy.prompts import PROMPT_LIMIT
from http_proxy.routing import PROMPT_PATH

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "components.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text().replace("\\\n", "")
PROSE = re.sub(r"^    .*\n", "", PAGE, flags=re.MULTILINE)


def anchors(page: str) -> set[str]:
    """Return what GitHub makes of the headings."""
    headings = re.findall(r"^#+ (.*)$", page, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", each).lower().replace(" ", "-") for each in headings}


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)]+)\)", PAGE))))
def test_every_link_leads_somewhere(link: str) -> None:
    path, _, anchor = link.partition("#")
    target = (ROOT / "docs" / path) if path else ROOT / "docs" / "components.md"
    assert target.exists()
    assert not anchor or anchor in anchors(target.read_text())


def test_every_file_that_is_named_is_there() -> None:
    folders = "config|examples|gemini_component|provider|scripts|tests|wasi_http|wit"
    named = set(re.findall(rf"`((?:{folders})/[\w./]*)`", PROSE))
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_file_of_the_project_s_to_compose_can_be_built() -> None:
    named = set(re.findall(r"`build/(\w+)\.wasm`", PROSE))
    listed = re.search(
        r"^COMPONENTS := \$\(patsubst %,build/%\.wasm,(.*)\)$", MAKEFILE, re.MULTILINE
    )
    assert listed
    assert named == set(listed[1].split())


def test_what_the_routers_promise_is_so() -> None:
    assert PROMPT_LIMIT == 1 << 20
    said = " ".join(PROSE.split())
    assert "at most 1 MiB of UTF-8 from the routers of this project" in said
    assert f"these routers then take prompts at `{PROMPT_PATH}`" in said


def test_code_is_that_of_the_examples() -> None:
    blocks = re.findall(
        r"^    (?:class|def) .*\n(?:    .*\n|\n(?=\n?    ))+", PAGE, re.M
    )
    examples = [path.read_text() for path in (ROOT / "examples").rglob("*.py")]
    assert len(blocks) == 2
    for block in map(textwrap.dedent, blocks):
        assert any(block in text for text in examples), block
