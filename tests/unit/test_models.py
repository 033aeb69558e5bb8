import json
from typing import Any

import pytest

from provider.model_table import AS_OF, entries
from provider.models import (
    join_list,
    join_model,
    lists_no_models,
    own_list,
    own_model,
)
from wire.shallow_json import VALUES_LIMIT

FACTS = {
    "context_window": 1_047_576,
    "max_output_tokens": 32_768,
    "prices": {
        "unit": "USD per million tokens",
        "input": 2,
        "cached_input": 0.5,
        "output": 8,
        "as_of": AS_OF,
    },
}
KNOWN = {"id": "gpt-4.1", "object": "model", "created": 1, "owned_by": "system"}
UNKNOWN = {"id": "ft:gpt-4.1:org::id", "object": "model", "x": {"deep": [1.50]}}


def listed(*models: Any, **more: Any) -> bytes:
    return json.dumps({"object": "list", "data": list(models), **more}).encode()


def joined(*models: Any) -> list[Any]:
    reply = json.loads(join_list(listed(*models), "openai"))
    assert isinstance(reply["data"], list)
    return list(reply["data"])


def test_what_is_known_is_added_to_each_model() -> None:
    assert joined(UNKNOWN, KNOWN) == [UNKNOWN, KNOWN | FACTS]


def test_only_what_is_known_is_added() -> None:
    """An embedding model has no output, and so no limit and no price of one."""
    (model,) = joined({"id": "text-embedding-3-small"})
    assert model == {
        "id": "text-embedding-3-small",
        "context_window": 8191,
        "prices": {"unit": "USD per million tokens", "input": 0.02, "as_of": AS_OF},
    }


def test_the_upstreams_members_are_not_overwritten() -> None:
    own = {"id": "gpt-4.1", "context_window": 7, "prices": None}
    assert joined(own) == [own | {"max_output_tokens": 32_768}]
    complete = {"id": "gpt-4.1", **dict.fromkeys(FACTS)}
    body = listed(complete)
    assert join_list(body, "openai") is body


def test_the_upstreams_text_stays_as_it_came() -> None:
    model = b'{"id" : "gpt-4.1", "n":1e400,"n": 2.50 , "s":"\\ud800\xc3\xbc"%s\n }'
    body = b'{"x":12345678901234567890123,"data": [ ' + model + b" ],\n" + b'"y":1.0}'
    added = json.dumps(FACTS, separators=(",", ":")).encode()
    assert join_list(body % b"", "openai") == body % (b"," + added[1:-1])


def test_geminis_ids_are_known_with_their_prefix() -> None:
    body = listed({"id": "models/gemini-2.5-flash"})
    (model,) = json.loads(join_list(body, "gemini"))["data"]
    assert model["id"] == "models/gemini-2.5-flash"
    assert model["context_window"] == 1_048_576


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[1]",
        b"null",
        b'{"data": {"id": "gpt-4.1"}}',
        b'{"models": [{"id": "gpt-4.1"}]}',
        b'{"data": [{}, "gpt-4.1", 1, {"id": 4}, {"id": ["gpt-4.1"]}]}',
        b'{"error": {"message": "no", "code": null}}',
        b"[" * 60_000,
        b"\xff",
        listed(KNOWN, *[{}] * VALUES_LIMIT),
    ],
    ids=lambda body: body[:16],
)
def test_what_is_no_list_of_models_is_left_alone(body: bytes) -> None:
    assert join_list(body, "openai") is body
    assert join_model(body, "openai") is body


def test_a_list_of_an_unknown_provider_is_left_alone() -> None:
    body = listed(KNOWN)
    assert join_list(body, "vllm") is body


def test_one_model_is_joined_likewise() -> None:
    body = json.dumps(KNOWN).encode()
    assert json.loads(join_model(body, "openai")) == KNOWN | FACTS
    assert join_model(body, "vllm") is body
    unknown = json.dumps(UNKNOWN).encode()
    assert join_model(unknown, "openai") is unknown


def test_an_own_list_has_the_tables_models() -> None:
    own = own_list("openai")
    assert own
    reply = json.loads(own)
    assert reply["object"] == "list"
    assert [model["id"] for model in reply["data"]] == list(entries("openai"))
    head = {"object": "model", "created": 0, "owned_by": "openai"}
    assert {"id": "gpt-4.1", **head, **FACTS} in reply["data"]
    assert own_list("vllm") is None


def test_an_own_model_is_one_of_the_own_list() -> None:
    own, every = own_model("openai", "gpt-4.1"), own_list("openai")
    assert own and every
    assert json.loads(own) in json.loads(every)["data"]
    assert own_model("openai", "gpt-4") is None, "retired"
    assert own_model("openai", "none") is None
    assert own_model("vllm", "gpt-4.1") is None


NO_ROUTE = b'{"error":{"code":"404","message":"Resource not found"}}'
NO_MODEL = (
    b'{"error":{"message":"no","type":"t","param":null,"code":"model_not_found"}}'
)


@pytest.mark.parametrize("status", [404, 405, 501])
@pytest.mark.parametrize(
    "body",
    [NO_ROUTE, b"", b"Not Found", b'{"detail":"Not Found"}', b'{"error":"no"}', b"[]"],
)
def test_an_upstream_may_list_no_models(status: int, body: bytes) -> None:
    assert lists_no_models(status, body)


def test_an_upstream_that_lacks_a_model_lists_others() -> None:
    assert not lists_no_models(404, NO_MODEL)


@pytest.mark.parametrize("status", [200, 400, 401, 403, 429, 500, 503])
def test_any_other_status_is_no_lack_of_a_list(status: int) -> None:
    assert not lists_no_models(status, NO_ROUTE)
