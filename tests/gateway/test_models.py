"""`GET /v1/models`: the upstream's models, each with what the gateway knows of it."""

import json
from typing import Any

import pytest

from provider.model_table import AS_OF, entries
from tests.e2e import replies
from tests.e2e.client import error_of, send
from tests.e2e.conftest import StartProxy
from tests.e2e.marked import CLIENT_SECRET, KEY
from tests.e2e.proxy import Proxy
from tests.e2e.upstream import Upstream

MODELS = "/v1/models"
KNOWN = "gpt-4.1"
OF_KNOWN = {
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
"""From https://platform.openai.com/docs/models/gpt-4.1"""
NO_ROUTE = replies.answer(404, b"<html>", {"content-type": "text/html"})


def _model(id: str, **fields: object) -> dict[str, Any]:
    return {"id": id, "object": "model", "created": 1, "owned_by": "x", **fields}


@pytest.fixture
def openai(start_proxy: StartProxy) -> Proxy:
    """A gateway that takes its upstream for OpenAI's."""
    return start_proxy(PROXY_PROVIDER="openai")


def test_a_list(openai: Proxy, upstream: Upstream) -> None:
    models = [_model(KNOWN), _model("nobody-knows"), _model("gpt-4o", context_window=7)]
    sent = json.dumps({"object": "list", "data": models, "of_its_own": 1.0})
    upstream.play(replies.answer(200, sent.encode()))
    response = send(
        openai, "GET", f"{MODELS}?limit=3", headers={"cookie": CLIENT_SECRET}
    )
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    listed = response.json()
    first, second, third = listed.pop("data")
    assert listed == {"object": "list", "of_its_own": 1.0}
    assert first == _model(KNOWN) | OF_KNOWN
    assert second == _model("nobody-knows")
    # What the upstream says itself stands.
    assert third["context_window"] == 7
    assert third["prices"]["unit"] == "USD per million tokens"
    request = upstream.exchange().request
    assert (request.method, request.target) == ("GET", f"{MODELS}?limit=3")
    assert CLIENT_SECRET not in str(request)


def test_one_model(openai: Proxy, upstream: Upstream) -> None:
    upstream.play(replies.answer(200, json.dumps(_model(KNOWN)).encode()))
    response = send(openai, "GET", f"{MODELS}/{KNOWN}")
    assert response.json() == _model(KNOWN) | OF_KNOWN
    assert upstream.exchange().request.target == f"{MODELS}/{KNOWN}"


@pytest.mark.parametrize("body", [b'{"data":[{"id":"gpt-4.1"}] ', b"[" * 100_000, b""])
def test_what_is_no_list_stays_as_it_is(
    openai: Proxy, upstream: Upstream, body: bytes
) -> None:
    upstream.play(replies.answer(200, body))
    assert send(openai, "GET", MODELS).content == body


def test_another_providers_stay_as_they_are(proxy: Proxy, upstream: Upstream) -> None:
    sent = json.dumps({"data": [_model(KNOWN)]}, indent=3).encode()
    upstream.play(replies.answer(200, sent))
    assert send(proxy, "GET", MODELS).content == sent


def test_an_upstream_that_lists_none(openai: Proxy, upstream: Upstream) -> None:
    upstream.play(NO_ROUTE)
    response = send(openai, "GET", MODELS)
    assert response.status_code == 200
    listed = response.json()
    assert listed["object"] == "list"
    assert [model["id"] for model in listed["data"]] == list(entries("openai"))
    [known] = [model for model in listed["data"] if model["id"] == KNOWN]
    assert OF_KNOWN.items() <= known.items()
    one = send(openai, "GET", f"{MODELS}/{KNOWN}")
    assert (one.status_code, one.json()) == (200, known)
    assert send(openai, "GET", f"{MODELS}/nobody-knows").status_code == 404


def test_a_model_that_the_upstream_does_not_have(
    openai: Proxy, upstream: Upstream
) -> None:
    """That the table knows it does not make it answer."""
    body = replies.openai_error("no such model", "t", "model_not_found")
    upstream.play(replies.answer(404, body))
    response = send(openai, "GET", f"{MODELS}/{KNOWN}")
    assert (response.status_code, response.content) == (404, body)


def test_without_a_table_an_error_stays_one(proxy: Proxy, upstream: Upstream) -> None:
    upstream.play(NO_ROUTE)
    assert send(proxy, "GET", MODELS).status_code == 404


def test_errors_are_those_of_every_route(openai: Proxy, upstream: Upstream) -> None:
    upstream.play(replies.answer(403, replies.openai_error(f"wrong: {KEY}", "t")))
    response = send(openai, "GET", MODELS)
    assert (response.status_code, error_of(response)["message"]) == (
        403,
        "wrong: [redacted]",
    )
    upstream.play(replies.stream([b" " * 9_000_000], replies.JSON))
    response = send(openai, "GET", MODELS)
    assert (response.status_code, error_of(response)["code"]) == (
        502,
        "upstream_too_large",
    )


@pytest.mark.parametrize("target", [MODELS, f"{MODELS}/{KNOWN}"])
def test_head(openai: Proxy, upstream: Upstream, target: str) -> None:
    upstream.play(replies.answer(200))
    response = send(openai, "HEAD", target)
    assert (response.status_code, response.content) == (200, b"")
    request = upstream.exchange().request
    assert (request.method, request.target) == ("HEAD", target)
