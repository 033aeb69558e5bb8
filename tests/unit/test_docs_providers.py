"""docs/providers.md tells what is tried with each provider, as the tests have it."""

import ast
import re
from pathlib import Path

import pytest

from provider import model_table
from scripts.editions import EDITIONS
from tests.providers.example_settings import NAMES, read
from tests.providers.matrix import ROWS, TRIALS, Row

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
TESTS = ROOT / "tests" / "providers"
PAGE = (DOCS / "providers.md").read_text()
LISTS = {
    "with prices": "models with prices",
    "without prices": "models without prices",
    "from the table": "models of the table, with prices",
    "none": "no `/v1/models` (404)",
}


def row_of(row: Row) -> str:
    module = row.name.replace("-", "_").replace("azure_v1", "azure")
    dialect = f"../tests/providers/dialects/{module}.py"
    cells = (
        row.provider,
        f"[`{row.name}.json`](../config/{row.name}.json)",
        f"all of [these](#what-is-tried), against [its stand-in]({dialect})",
        result_of(row),
    )
    return f"| {' | '.join(cells)} |"


def result_of(row: Row) -> str:
    lacks = ", ".join(f"`/v1/{api}`" for api in row.lacks if api != "models")
    key = f"a wrong key is {row.refusal}" if row.refusal else "no key is sent"
    told = (
        f"prompts by `/{row.prompts}`",
        {
            "arrays": "content as it came",
            "strings": "content as strings, without images",
        }[row.contents],
        f"no {lacks} (404)" if lacks else "",
        LISTS[row.models],
        key,
        "" if row.temperature == 0.7 else f"`/chat` at temperature {row.temperature}",
    )
    return "; ".join(filter(None, told))


def test_each_row_is_told_of_and_no_other() -> None:
    shown = re.findall(r"^\| .*\.\./config/.*$", PAGE, re.MULTILINE)
    assert shown == [row_of(row) for row in ROWS]
    assert sorted(row.name for row in ROWS) == NAMES


def test_every_file_of_the_build_is_told_of() -> None:
    assert {f"build/{name}.wasm" for name in EDITIONS} <= set(
        re.findall(r"`(build/\w+\.wasm)`", PAGE)
    )


def test_each_trial_is_told_of_and_no_other() -> None:
    section = PAGE.partition("## What is tried\n")[2].partition("\n## ")[0]
    items = [" ".join(item.split()) for item in section.split("\n- ")[1:]]
    assert items == [
        f"{trial.what} ({', '.join(f'`{name}`' for name in trial.files)})"
        for trial in TRIALS
    ]


@pytest.mark.parametrize("name", sorted({n for trial in TRIALS for n in trial.files}))
def test_what_is_told_of_is_tested_with_every_row(name: str) -> None:
    """By the fixtures of a row, and not by a test that takes none."""
    tree = ast.parse((TESTS / name).read_text())
    taken = {
        argument.arg
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        for argument in node.args.args
    }
    assert taken & {"station", "mistaken", "keyless"}


def test_what_it_links_to_is_there() -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", PAGE):
        assert (DOCS / target).exists(), target


@pytest.mark.parametrize("name", NAMES)
def test_what_an_operator_has_to_set_is_told_of(name: str) -> None:
    settings = read(name)
    assert f"`{settings.get('api_key_env', 'auth')}`" in PAGE
    assert f"`{settings['default_model']}`" in PAGE


def test_the_servers_that_want_strings_are_named() -> None:
    want = [row.provider for row in ROWS if row.contents == "strings"]
    sentence = re.search(r"content_format.*?`String`.*?\.", PAGE, re.DOTALL)
    assert sentence
    assert all(name.partition(",")[0] in sentence[0] for name in want)


def test_the_date_of_the_prices_is_told() -> None:
    assert f"of {model_table.AS_OF}" in " ".join(PAGE.split())
