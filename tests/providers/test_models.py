"""The models of each provider, with what is known of them, and whether it is ready."""

from typing import Any

from provider.model_table import AS_OF, entries
from tests.e2e.client import error_of
from tests.providers.station import Station

KNOWN = ("context_window", "max_output_tokens", "prices")


def _upstream_lists(station: Station) -> bool:
    return station.row.has("models")


def _check_none(station: Station, target: str) -> None:
    """See that what the upstream answers is told: there is nothing better."""
    reply = station.ask("GET", target)
    assert (reply.status_code, error_of(reply)["code"]) == (404, None)


def _check_facts(station: Station, model: Any) -> None:
    assert model["id"].removeprefix("models/") == station.row.model
    if station.row.models == "without prices":
        assert not set(KNOWN) & set(model)
        return
    prices = model["prices"]
    assert prices["unit"] == "USD per million tokens"
    assert prices["as_of"] == AS_OF
    assert 0 < prices["input"] < prices["output"]
    assert model["context_window"] > 1000


def _without_facts(model: Any) -> Any:
    return {name: value for name, value in model.items() if name not in KNOWN}


def test_models_are_listed_with_what_is_known(station: Station) -> None:
    if station.row.models == "none":
        _check_none(station, "/v1/models")
        return
    sent = station.exchange("GET", "/v1/models")
    listed = sent.reply.json()
    assert (sent.reply.status_code, listed["object"]) == (200, "list")
    ids = [model["id"].removeprefix("models/") for model in listed["data"]]
    _check_facts(station, listed["data"][ids.index(station.row.model)])
    if _upstream_lists(station):
        direct = station.directly(sent).json()
        assert [*map(_without_facts, listed["data"])] == direct["data"]
    else:
        assert ids == list(entries(station.settings["provider"]))


def test_one_model_likewise(station: Station) -> None:
    target = f"/v1/models/{station.row.model}"
    if station.row.models == "none":
        _check_none(station, target)
        return
    sent = station.exchange("GET", target)
    assert sent.reply.status_code == 200
    _check_facts(station, sent.reply.json())
    if _upstream_lists(station):
        direct = station.directly(sent).json()
        assert _without_facts(sent.reply.json()) == direct


def test_a_model_that_is_not_there_is_a_404(station: Station) -> None:
    reply = station.ask("GET", "/v1/models/no-such-model")
    assert reply.status_code == 404
    assert error_of(reply)["message"]


def test_it_is_ready(station: Station) -> None:
    sent = station.exchange("GET", "/health/ready")
    health = sent.reply.json()
    assert (sent.reply.status_code, health["status"]) == (200, "healthy")
    remark = "The upstream answers, but lists no models."
    assert health["reason"] == (None if _upstream_lists(station) else remark)
    assert 0 < health["latency_ms"] <= 5000
