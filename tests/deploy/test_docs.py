"""docs/deploy.md tells of what deploy/ has, by the names and figures that it has."""

import json
import re

import pytest

from tests.deploy.built import DEPLOY, ROOT, chart_values, service, values
from tests.deploy.kustomize import build
from tests.unit.fakes import Log

DOCS = ROOT / "docs"
PAGE = (DOCS / "deploy.md").read_text()
TEXT = " ".join(PAGE.split())


def test_every_part_is_told_of() -> None:
    section = PAGE.partition("## What is in deploy/\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`.*?`) \| ", section, re.MULTILINE)
    told = {name.rstrip("/") for row in rows for name in re.findall(r"`([^`]+)`", row)}
    parts = {path.name for path in DEPLOY.iterdir()} - {"options"}
    assert told == parts | {
        f"options/{path.name}" for path in (DEPLOY / "options").iterdir()
    }


def test_every_value_is_told_of() -> None:
    streams = f"`poolSize` × `maxConcurrency`, {values()['pool-size']} × "
    assert f"{streams}{values()['max-concurrency']}" in TEXT
    for variable in chart_values()["runtime"]["env"]:
        assert f"`{variable['name']}`" in TEXT
    connections = chart_values()["runtime"]["env"][0]["value"]
    assert f"connections of a copy to the provider: {int(connections):,}" in TEXT


def test_the_names_by_which_it_is_asked_are_the_services() -> None:
    name = service(build(DEPLOY / "openai"))["metadata"]["name"]
    assert f"http://{name}.llm.svc/v1" in PAGE
    assert f"create secret generic {values()['secret']} -n llm" in PAGE


def test_the_versions_are_those_that_were_run() -> None:
    assert f"`wash host` {chart_values()['runtime']['image']['tag']} twice" in TEXT
    assert set(re.findall(r"charts? (\d+\.\d+\.\d+)", TEXT)) == {"2.7.0"}
    assert "runtime-operator --version 2.7.0" in PAGE


def test_each_field_of_the_log_is_told_of() -> None:
    section = PAGE.partition("**The log.**")[2].partition("\n\n")[0]
    kept = Log()
    kept.log.model, kept.log.code = "gpt-4.1", "upstream_denied"
    kept.log.chunk(b"abc")
    kept.log.end("complete")
    fields = json.loads(kept.lines[-1]).keys() - {"event"}
    assert fields <= set(re.findall(r"`(\w+)`", section))


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([^)]+)\)", PAGE))))
def test_what_it_links_to_is_there(target: str) -> None:
    path, _, anchor = target.partition("#")
    if path.startswith("https:"):
        return
    page = (DOCS / path).read_text() if path.endswith(".md") else PAGE
    assert not path or (DOCS / path).exists()
    headings = re.findall(r"^#+ (.*)$", page, re.MULTILINE)
    slugs = {re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in headings}
    assert not anchor or anchor in slugs


def test_what_its_commands_name_is_there() -> None:
    named = set(re.findall(r"[ (](?:\./)?(deploy/[\w./-]+)", PAGE))
    assert named
    for path in named:
        assert (ROOT / path).exists(), path


def test_the_readme_leads_to_it() -> None:
    assert "(docs/deploy.md)" in (ROOT / "README.md").read_text()
