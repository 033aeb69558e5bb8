import json
from typing import Any

import pytest

from openai_component.openai import OPENAI
from provider import model_routes
from provider.model_table import AS_OF, entries
from provider.routes import serve
from tests.unit.fakes import (
    ENVIRON,
    KEY,
    Broken,
    Client,
    Log,
    Outcome,
    ScriptedBody,
    host,
    response,
    run,
)
from wire.headers import find
from wire.ports import Headers, Request, UpstreamRequest
from wire.respond import deliver, settle

LIST = b'{"object": "list", "data": [{"id": "gpt-4o", "x": 1}, {"id": "mine"}]}'
NO_ROUTE = b'{"error": {"code": "404", "message": "Resource not found"}}'
NO_MODEL = (
    b'{"error": {"message": "No such model", "type": "invalid_request_error", '
    b'"param": "model", "code": "model_not_found"}}'
)


def ask(
    target: str,
    *outcomes: Outcome,
    headers: Headers = (),
    **variables: str,
) -> tuple[Client, list[UpstreamRequest], dict[str, Any]]:
    environ = {**ENVIRON, "PROXY_MAX_RETRIES": "0", **variables}
    given, upstream, _ = host(*outcomes, environ=environ)
    client, log = Client(), Log()
    request = Request("GET", target, headers)
    served = serve(request, ScriptedBody(), OPENAI, given, log.log)
    run(deliver(run(settle(served, log.log)), client, log.log))
    return client, upstream.requests, dict(json.loads(log.lines[-1]))


def test_each_model_of_a_list_has_what_is_known_of_it() -> None:
    client, (sent,), _ = ask("/v1/models", response(200, LIST[:9], LIST[9:]))
    assert sent.path_with_query == "/v1/models"
    known, unknown = json.loads(client.body)["data"]
    assert known["x"] == 1
    assert known["context_window"] == 128_000
    assert known["prices"]["unit"] == "USD per million tokens"
    assert known["prices"]["as_of"] == AS_OF
    assert unknown == {"id": "mine"}


def test_one_model_too() -> None:
    body = b'{"id": "gpt-4o", "object": "model"}'
    client, (sent,), _ = ask("/v1/models/gpt-4o?a=b", response(200, body))
    assert sent.path_with_query == "/v1/models/gpt-4o?a=b"
    assert json.loads(client.body)["max_output_tokens"] == 16_384


def test_the_clients_headers_go_up_as_on_every_route() -> None:
    headers = (
        ("user-agent", b"OpenAI/Python"),
        ("authorization", b"Bearer token"),
        ("content-length", b"2"),
    )
    _, (sent,), _ = ask("/v1/models", response(200, LIST), headers=headers)
    assert dict(sent.headers) == {
        "user-agent": b"OpenAI/Python",
        "accept-encoding": b"identity",
        "via": b"1.1 wasm-llm-proxy-d9617135d6fdd0a2",
        "authorization": f"Bearer {KEY}".encode(),
    }
    assert sent.body == b""


def test_the_upstreams_headers_come_back() -> None:
    reply = response(200, LIST, x_request_id="req_1", x_ratelimit_limit_requests="9")
    client, _, line = ask("/v1/models", reply)
    assert find(client.headers, "x-ratelimit-limit-requests") == "9"
    assert line["request_id"] == "req_1"


@pytest.mark.parametrize("status", [404, 405, 501])
def test_without_a_list_the_tables_models_are_listed(status: int) -> None:
    client, _, line = ask("/v1/models", response(status, NO_ROUTE))
    assert (client.status, line["status"]) == (200, 200)
    listed = json.loads(client.body)["data"]
    assert [model["id"] for model in listed] == [*entries("openai")]
    assert find(client.headers, "content-type") == "application/json"


def test_without_a_list_one_of_the_tables_models_is_given() -> None:
    client, sent, _ = ask(
        "/v1/models/gpt-4o", response(404, NO_ROUTE), response(404, NO_ROUTE)
    )
    assert [request.path_with_query for request in sent] == [
        "/v1/models/gpt-4o",
        "/v1/models",
    ]
    assert (client.status, json.loads(client.body)["id"]) == (200, "gpt-4o")


def test_an_upstream_that_lists_models_is_believed_about_one() -> None:
    listing = response(200, LIST)
    client, sent, _ = ask("/v1/models/gpt-4o", response(404, NO_ROUTE), listing)
    assert (client.status, len(sent)) == (404, 2)
    assert isinstance(listing.body, ScriptedBody) and listing.body.closed == 1
    client, _, _ = ask(
        "/v1/models/gpt-4o", response(404, NO_ROUTE), response(401, NO_ROUTE)
    )
    assert client.status == 404


def test_a_model_that_is_not_there_is_not_made_up() -> None:
    client, sent, _ = ask("/v1/models/gpt-4o", response(404, NO_MODEL))
    assert (client.status, len(sent)) == (404, 1)
    assert json.loads(client.body)["error"]["code"] == "model_not_found"
    client, _, _ = ask("/v1/models/mine", response(404, NO_ROUTE))
    assert client.status == 404


def test_a_provider_without_a_table_has_its_own_error() -> None:
    url = "https://vllm.example/v1"
    client, _, _ = ask("/v1/models", response(404, NO_ROUTE), OPENAI_BASE_URL=url)
    assert client.status == 404


def test_an_error_is_the_upstreams() -> None:
    client, _, line = ask("/v1/models", response(401, NO_MODEL))
    assert (client.status, line["status"]) == (401, 401)


def test_a_list_that_breaks_off_is_no_list() -> None:
    client, _, line = ask("/v1/models", response(200, LIST[:9], Broken()))
    assert (client.status, line["code"]) == (502, "upstream_broken")


def test_a_list_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_routes, "LIST_LIMIT", 8)
    endless = response(200, *[LIST] * 3)
    client, _, line = ask("/v1/models", endless)
    assert (client.status, line["code"]) == (502, "upstream_too_large")
    assert isinstance(endless.body, ScriptedBody) and endless.body.closed == 1


def test_head_goes_through() -> None:
    given, upstream, _ = host(response(200))
    request = Request("HEAD", "/v1/models", ())
    log = Log().log
    reply = run(serve(request, ScriptedBody(), OPENAI, given, log))
    assert reply.status == 200
    assert upstream.requests[0].method == "HEAD"


def test_an_encoded_id_is_found_in_the_table() -> None:
    client, _, _ = ask(
        "/v1/models/gpt%2D4o", response(404, NO_ROUTE), response(404, NO_ROUTE)
    )
    assert (client.status, json.loads(client.body)["id"]) == (200, "gpt-4o")
