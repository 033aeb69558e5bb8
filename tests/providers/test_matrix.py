"""The table of what must come of the trials is that of the files and the dialects."""

import pytest

from provider.model_table import entries
from tests.providers.dialects import DIALECTS
from tests.providers.example_settings import NAMES, read
from tests.providers.matrix import ROWS, Row

APIS = ("responses", "completions", "embeddings", "models")
rows = pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])


def test_each_file_has_its_row() -> None:
    assert sorted(row.name for row in ROWS) == NAMES


@rows
def test_what_an_upstream_lacks_its_dialect_has_not(row: Row) -> None:
    routes = {route.split(" ")[1] for route in DIALECTS[row.name].routes}
    assert row.lacks == tuple(api for api in APIS if f"/{api}" not in routes)


@rows
def test_how_it_is_asked_is_as_the_settings_say(row: Row) -> None:
    settings = read(row.name)
    apis = {"chat": "chat/completions"}
    api = settings.get("prompt_api", "responses")
    assert row.prompts == apis.get(api, api)
    forms = {"Array": "arrays", "String": "strings"}
    assert row.contents == forms[settings.get("content_format", "Array")]


@rows
def test_a_wrong_key_is_refused_where_one_is_sent(row: Row) -> None:
    dialect = DIALECTS[row.name]
    is_open = read(row.name).get("auth") == "none"
    assert row.refusal == (None if is_open else dialect.wrong_key.status)


@rows
def test_prices_come_from_the_table_that_the_settings_name(row: Row) -> None:
    known = entries(read(row.name).get("provider", ""))
    expected = {
        (True, True): "with prices",
        (True, False): "without prices",
        (False, True): "from the table",
        (False, False): "none",
    }
    assert row.models == expected[row.has("models"), bool(known)]
    # Retired models are not among them.
    if known:
        assert {row.model, read(row.name)["default_model"]} <= set(known)
