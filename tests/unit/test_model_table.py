import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from provider import model_table
from provider.model_table import AS_OF, ModelFacts, Prices, entries, facts
from scripts.model_table import PROVIDERS, build_table, encode

PATH = Path(model_table.__file__).with_suffix(".json")
PROVIDER_NAMES = sorted(set(PROVIDERS.values()))


def test_a_model_has_limits_and_prices() -> None:
    assert facts("openai", "gpt-4.1") == ModelFacts(
        1_047_576, 32_768, Prices(2, 0.5, 8), is_retired=False
    )
    assert facts("gemini", "gemini-2.5-flash") == ModelFacts(
        1_048_576, 65_536, Prices(0.3, 0.03, 2.5), is_retired=False
    )


def test_the_window_counts_the_output_too() -> None:
    gpt_5 = facts("openai", "gpt-5")
    assert gpt_5
    assert (gpt_5.context_window, gpt_5.max_output_tokens) == (400_000, 128_000)


def test_an_id_may_have_geminis_prefix() -> None:
    assert facts("gemini", "models/gemini-2.5-pro")
    assert facts("gemini", "models/gemini-2.5-pro") == facts("gemini", "gemini-2.5-pro")


@pytest.mark.parametrize(
    ("provider", "model_id"),
    [
        ("openai", "ft:gpt-4o-mini-2024-07-18:org::id"),
        ("openai", "ft:gpt-4o-2024-08-06"),
        ("openai", "gpt-4.1-"),
        ("openai", "tts-1"),
        ("azure", "azure/gpt-4o"),
        ("azure", "eu/gpt-4o"),
        ("nobody", "gpt-4.1"),
    ],
)
def test_what_is_not_known_is_none(provider: str, model_id: str) -> None:
    assert facts(provider, model_id) is None


def test_entries_leave_out_what_is_retired() -> None:
    retired = facts("openai", "gpt-4")
    assert retired and retired.is_retired
    listed = entries("openai")
    assert "gpt-4" not in listed
    assert listed["gpt-4.1"] == facts("openai", "gpt-4.1")
    assert list(listed) == sorted(listed)
    assert entries("nobody") == {}


@pytest.mark.parametrize("provider", PROVIDER_NAMES)
def test_every_provider_has_models_with_sane_facts(provider: str) -> None:
    known = entries(provider)
    assert known
    for model_id, row in known.items():
        assert row.context_window or row.max_output_tokens or row.prices, model_id
        assert (row.context_window or 1_000_000) <= 20_000_000
        if row.prices:
            for price in (row.prices.input, row.prices.output):
                assert price is None or 0.001 < price < 1000, model_id


def test_the_file_is_small_and_one_model_a_line() -> None:
    text = PATH.read_text(encoding="utf-8")
    assert len(text) < 150_000
    parsed = json.loads(text)
    assert parsed["date"] == AS_OF and parsed["version"] and parsed["dataset"]
    models = sum(len(rows) for rows in parsed["providers"].values())
    assert sum('": {"' in line for line in text.splitlines()) == models
    assert not re.search(r":\d+(\.\d{7}|\.?\d*e)", text), "as a float is written"


def test_a_table_without_a_fact_leaves_it_unknown() -> None:
    assert model_table.build_facts({"context_window": 8}) == ModelFacts(
        8, None, None, is_retired=False
    )
    day = model_table.build_facts({"output": 1, "retires": AS_OF})
    assert day == ModelFacts(None, None, Prices(None, None, 1), is_retired=True)


def entry(**changed: Any) -> dict[str, Any]:
    """Build an entry of the dataset."""
    return {
        "litellm_provider": "openai",
        "mode": "chat",
        "max_input_tokens": 128_000,
        "max_output_tokens": 16_384,
        "input_cost_per_token": Decimal("7.5e-08"),
        "output_cost_per_token": Decimal("1e-05"),
    } | changed


def rows(**dataset: dict[str, Any]) -> dict[str, Any]:
    return build_table(dataset)["openai"]


def test_prices_become_those_of_a_million_tokens() -> None:
    row = rows(m=entry(cache_read_input_token_cost=Decimal("1.2500000000001e-07")))["m"]
    assert (row["input"], row["output"]) == (Decimal("0.075"), 10)
    text = encode({"openai": {"m": row}})
    assert '"input":0.075,"cached_input":0.125,"output":10}' in text


def test_what_costs_nothing_has_no_price() -> None:
    row = rows(m=entry(output_cost_per_token=0, max_output_tokens=0))["m"]
    assert row.keys() == {"context_window", "input"}


def test_only_models_of_these_kinds_are_taken() -> None:
    assert rows(m=entry(mode="image_generation")) == {}
    assert rows(m=entry(litellm_provider="another")) == {}
    assert rows(m={"mode": "chat"}) == {}
    assert build_table({"ft:m": entry(), "us/m": entry()})["openai"] == {}
    nothing_known = {"litellm_provider": "openai", "mode": "chat"}
    assert rows(m=nothing_known | {"deprecation_date": "2026-01-01"}) == {}


def test_prefixes_are_cut_off() -> None:
    prefixed = entry(litellm_provider="groq", max_input_tokens=1)
    plain = entry(litellm_provider="groq", max_input_tokens=2)
    dataset = {"groq/openai/m": prefixed, "groq/n": prefixed, "n": plain}
    for order in (dataset, dict(reversed(dataset.items()))):
        table = build_table(order)["groq"]
        assert table.keys() == {"openai/m", "n"}
        assert table["n"]["context_window"] == 1


def test_models_are_sorted_by_their_own_ids() -> None:
    groq = entry(litellm_provider="groq")
    text = encode(build_table({"groq/a": groq, "b": groq}))
    assert list(json.loads(text)["providers"]["groq"]) == ["a", "b"]


def test_the_window_is_input_and_output_where_the_dataset_has_the_input_alone() -> None:
    split = entry(max_input_tokens=272_000, max_output_tokens=128_000)
    assert rows(m=split)["m"]["context_window"] == 400_000
    other = build_table({"m": split | {"litellm_provider": "mistral"}})["mistral"]
    assert other["m"]["context_window"] == 272_000
    assert rows(m=entry())["m"]["context_window"] == 128_000


def test_the_text_does_not_depend_on_the_datasets_order() -> None:
    dataset = {"b": entry(), "a": entry(deprecation_date="2030-01-31"), "é": entry()}
    text = encode(build_table(dataset))
    assert text == encode(build_table(dict(reversed(dataset.items()))))
    assert list(json.loads(text)["providers"]["openai"]) == ["a", "b", "é"]
    assert '"retires":"2030-01-31"' in text
