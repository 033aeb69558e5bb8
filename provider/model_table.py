"""What is known of models: limits and prices, frozen into the component by its build.

The file beside this one is written by `make model-table`.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices in USD per million tokens, of the shortest prompts; None is unknown."""

    input: float | None
    cached_input: float | None
    output: float | None


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What the table knows of a model; None is unknown. Limits are in tokens."""

    context_window: int | None
    max_output_tokens: int | None
    prices: Prices | None
    is_retired: bool
    """The provider had said that it would be gone by the table's date."""


def facts(provider: str, model_id: str) -> ModelFacts | None:
    """Return what is known of a provider's model, by its exact id.

    An id may have the "models/" of Gemini before it. A fine-tuned model has prices and
    limits of its own that no table knows.
    """
    return _FACTS.get(provider, {}).get(model_id.removeprefix("models/"))


def entries(provider: str) -> dict[str, ModelFacts]:
    """Return the provider's models by their ids, sorted, without retired ones."""
    rows = _FACTS.get(provider, {})
    return {name: row for name, row in sorted(rows.items()) if not row.is_retired}


def build_facts(row: dict[str, Any]) -> ModelFacts:
    """Read a row of the table."""
    prices = Prices(row.get("input"), row.get("cached_input"), row.get("output"))
    is_priced = prices != Prices(None, None, None)
    return ModelFacts(
        context_window=row.get("context_window"),
        max_output_tokens=row.get("max_output_tokens"),
        prices=prices if is_priced else None,
        is_retired=row.get("retires", "9999") <= AS_OF,
    )


_TABLE = json.loads(
    Path(__file__).with_name("model_table.json").read_text(encoding="utf-8")
)
AS_OF: str = _TABLE["date"]
"""The day of the table's facts, as in "2026-01-31"."""
_FACTS: dict[str, dict[str, ModelFacts]] = {
    provider: {model_id: build_facts(row) for model_id, row in rows.items()}
    for provider, rows in _TABLE["providers"].items()
}
