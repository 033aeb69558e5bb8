import json
from typing import Any

import pytest

from openai_component.openai import OPENAI
from provider.routes import route_name, serve
from tests.unit.fakes import (
    ENVIRON,
    KEY,
    Log,
    Outcome,
    ScriptedBody,
    host,
    response,
    run,
)
from wire.errors import InvalidRequest
from wire.ports import Request, TransportError, UpstreamRequest


def ready(
    *outcomes: Outcome, environ: dict[str, str] = ENVIRON
) -> tuple[int, dict[str, Any], list[UpstreamRequest]]:
    given, upstream, _ = host(*outcomes, environ=environ)
    request = Request("GET", "/health/ready?verbose", ())
    body = ScriptedBody()
    reply = run(serve(request, body, OPENAI, given, Log().log))
    assert isinstance(reply.body, bytes)
    assert body.closed == 1
    return reply.status, json.loads(reply.body), upstream.requests


def test_an_upstream_that_answers_is_ready() -> None:
    status, told, (sent,) = ready(response(200, b"{}"))
    assert (status, told["status"], told["reason"]) == (200, "healthy", None)
    assert (sent.method, sent.path_with_query) == ("GET", "/v1/models")
    assert dict(sent.headers)["authorization"] == f"Bearer {KEY}".encode()


def test_one_that_does_not_is_not() -> None:
    refused = TransportError("connection-refused")
    status, told, _ = ready(refused, refused)
    assert (status, told["status"]) == (503, "unhealthy")
    assert "refused the connection" in told["reason"]


def test_wrong_settings_are_told_and_nothing_is_sent() -> None:
    status, told, sent = ready(environ={})
    assert (status, told["status"], sent) == (503, "unhealthy", [])
    assert "OPENAI_API_KEY" in told["reason"]


def test_the_log_never_gets_the_clients_text() -> None:
    assert route_name("/chat?token=1") == "/chat"
    assert route_name("/health/ready") == "/health/ready"
    assert route_name("/v1/responses/my-secret") == "/v1/"


@pytest.mark.parametrize(
    ("target", "allow"),
    [
        ("/v1/models/x?y", "GET, HEAD, OPTIONS"),
        ("/v1/responses", "POST, OPTIONS"),
    ],
)
def test_options_tells_what_a_path_is_served_for(target: str, allow: str) -> None:
    given, upstream, _ = host()
    body = ScriptedBody(b"x")
    request = Request("OPTIONS", target, ())
    reply = run(serve(request, body, OPENAI, given, Log().log))
    assert (reply.status, reply.headers) == (204, (("allow", allow.encode()),))
    assert (upstream.requests, body.closed) == ([], 1)


def test_options_of_a_path_that_is_not_served() -> None:
    request = Request("OPTIONS", "/v1/files", ())
    with pytest.raises(InvalidRequest, match="PROXY_ALLOWED_PATHS") as raised:
        run(serve(request, ScriptedBody(), OPENAI, host()[0], Log().log))
    assert raised.value.status == 404


def test_an_upstream_is_reached_as_it_is() -> None:
    given, upstream, clock = host()
    assert OPENAI.reach(upstream, clock) is given.upstream
