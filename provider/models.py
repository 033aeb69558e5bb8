"""Lists of models, each with what the table knows of it.

To a model of an upstream's reply are added, where they are known and the upstream has
no such member itself: `context_window`, `max_output_tokens` and `prices`. All the rest
stays as it came, byte for byte.
See: https://platform.openai.com/docs/api-reference/models/list
"""

from typing import Any

from provider.compact_json import encode_json
from provider.json_spans import (
    Edit,
    Span,
    encode_value,
    items,
    members,
    open_text,
    splice,
)
from provider.model_table import AS_OF, ModelFacts, Prices, entries, facts
from wire.shallow_json import parse_shallow

UNIT = "USD per million tokens"
NO_ROUTE_STATUSES = frozenset({404, 405, 501})


def join_list(body: bytes, provider: str) -> bytes:
    """Add what is known to each model of a list; any other body stays as it is."""
    try:
        text, whole = open_text(body)
    except ValueError:
        return body
    if not isinstance(whole.value, dict):
        return body
    edits = [
        edit
        for name, data in members(text, whole)
        if name == "data" and isinstance(data.value, list)
        for model in items(text, data)
        for edit in _additions(text, model, provider)
    ]
    return splice(text, edits) if edits else body


def join_model(body: bytes, provider: str) -> bytes:
    """Add what is known to one model; any other body stays as it is."""
    try:
        text, whole = open_text(body)
    except ValueError:
        return body
    edits = _additions(text, whole, provider)
    return splice(text, edits) if edits else body


def own_list(provider: str) -> bytes | None:
    """Build a list of the table's models, for an upstream that lists none."""
    known = entries(provider)
    if not known:
        return None
    data = [_build_model(provider, name, known[name]) for name in known]
    return encode_json({"object": "list", "data": data})


def own_model(provider: str, model_id: str) -> bytes | None:
    """Build one of the models of `own_list`, or return None."""
    known = entries(provider).get(model_id)
    if known is None:
        return None
    return encode_json(_build_model(provider, model_id, known))


def lists_no_models(status: int, body: bytes) -> bool:
    """Tell whether a reply says that the upstream has no such route.

    One that has the route, and only not the model, says so with a code of OpenAI's.
    """
    if status not in NO_ROUTE_STATUSES:
        return False
    try:
        parsed = parse_shallow(body)
    except ValueError:
        return True
    error = parsed.get("error") if isinstance(parsed, dict) else None
    return not (isinstance(error, dict) and error.get("code") == "model_not_found")


def _additions(text: str, model: Span, provider: str) -> list[Edit]:
    """Return the edit that adds the facts after a model's last member, or none."""
    value = model.value
    if not isinstance(value, dict) or not isinstance(value.get("id"), str):
        return []
    known = facts(provider, value["id"])
    shown = _show(known) if known else {}
    new = {name: fact for name, fact in shown.items() if name not in value}
    if not new:
        return []
    *_, (_, last) = members(text, model)
    return [(last.end, last.end, f",{encode_value(new)[1:-1]}")]


def _build_model(provider: str, model_id: str, known: ModelFacts) -> dict[str, Any]:
    model = {"id": model_id, "object": "model", "created": 0, "owned_by": provider}
    return model | _show(known)


def _show(known: ModelFacts) -> dict[str, Any]:
    shown = {
        "context_window": known.context_window,
        "max_output_tokens": known.max_output_tokens,
        "prices": _show_prices(known.prices) if known.prices else None,
    }
    return _only_known(shown)


def _show_prices(prices: Prices) -> dict[str, Any]:
    shown = {
        "unit": UNIT,
        "input": prices.input,
        "cached_input": prices.cached_input,
        "output": prices.output,
        "as_of": AS_OF,
    }
    return _only_known(shown)


def _only_known(shown: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in shown.items() if value is not None}
