import json

import pytest

from http_proxy.gateway import cors_headers, decide
from http_proxy.routing import Route, gateway
from tests.unit.fakes import run
from wire.errors import ConfigurationError, InvalidRequest
from wire.headers import find
from wire.ports import Reply, Request

ROUTES = gateway()
ORIGIN = "https://chat.example"
PREFLIGHT = (
    ("origin", ORIGIN.encode()),
    ("access-control-request-method", b"POST"),
    ("access-control-request-headers", b"authorization, content-type"),
)


class Door:
    """`Access` that knows one token and one origin."""

    def __init__(self) -> None:
        self.asked: list[list[bytes]] = []
        self.error: str | None = None

    def admit(self, authorization: list[bytes]) -> bool:
        self.asked.append(authorization)
        return list(authorization) == [b"Bearer t"]

    def setting_error(self) -> str | None:
        return self.error

    def allow_origin(self, origin: str) -> bool:
        return origin == ORIGIN


def ask(method: str, target: str, **headers: str) -> Reply | Route:
    named = tuple((k.replace("_", "-"), v.encode()) for k, v in headers.items())
    return run(decide(Request(method, target, named), ROUTES, Door()))


@pytest.mark.parametrize(
    ("method", "target", "route"),
    [
        ("POST", "/v1/responses", Route.API),
        ("GET", "/v1/models?x=y", Route.API),
        ("DELETE", "/v1/responses/r", Route.API),
        ("GET", "/v1/", Route.API),
        ("POST", "/openai-proxy", Route.PROMPT),
    ],
)
def test_names_who_answers(method: str, target: str, route: Route) -> None:
    assert ask(method, target, authorization="Bearer t") is route


@pytest.mark.parametrize(
    "target", ["/v1/models", "/openai-proxy", "/", "/nowhere", "/healthy", "*"]
)
def test_asks_for_a_token_everywhere(target: str) -> None:
    for method in ("GET", "POST", "OPTIONS"):
        with pytest.raises(InvalidRequest) as raised:
            ask(method, target, authorization="Bearer x")
        assert (raised.value.status, raised.value.code) == (401, "invalid_access_token")
        challenge = dict(raised.value.headers)["www-authenticate"]
        assert challenge == b'Bearer realm="gateway", error="invalid_token"'


def test_a_token_that_is_missing_is_not_one_that_is_wrong() -> None:
    with pytest.raises(InvalidRequest, match="needs an access token") as raised:
        ask("GET", "/v1/models")
    assert (raised.value.status, raised.value.code) == (401, "missing_access_token")
    challenge = dict(raised.value.headers)["www-authenticate"]
    assert challenge == b'Bearer realm="gateway"'


def test_settings_that_let_nobody_in_are_told_of() -> None:
    door = Door()
    door.error = "PROXY_ACCESS_TOKENS is blank."
    entering = Request("GET", "/v1/models", (("authorization", b"Bearer t"),))
    assert run(decide(entering, ROUTES, door)) is Route.API
    refused = Request("GET", "/v1/models", ())
    with pytest.raises(ConfigurationError, match="PROXY_ACCESS_TOKENS") as raised:
        run(decide(refused, ROUTES, door))
    assert (raised.value.status, raised.value.code) == (500, "invalid_setting")


def test_every_value_of_authorization_is_judged() -> None:
    door = Door()
    twice = (("authorization", b"Bearer t"), ("authorization", b"Bearer t"))
    with pytest.raises(InvalidRequest):
        run(decide(Request("GET", "/v1/models", twice), ROUTES, door))
    assert door.asked == [[b"Bearer t", b"Bearer t"]]


@pytest.mark.parametrize("target", ["/health", "/health?x"])
def test_health_is_open_to_all(target: str) -> None:
    reply = ask("GET", target)
    assert isinstance(reply, Reply)
    assert isinstance(reply.body, bytes)
    assert json.loads(reply.body) == {"status": "healthy"}


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [("GET", "/", 404), ("GET", "/v1", 404), ("TRACE", "/v1/models", 405)],
)
def test_unknown_routes_and_methods(method: str, target: str, status: int) -> None:
    with pytest.raises(InvalidRequest) as raised:
        ask(method, target, authorization="Bearer t")
    assert raised.value.status == status


def test_options_names_the_methods() -> None:
    reply = ask("OPTIONS", "/chat", authorization="Bearer t")
    assert isinstance(reply, Reply)
    assert find(reply.headers, "allow") == "POST, OPTIONS"


def test_the_methods_of_the_api_are_told_by_the_provider() -> None:
    assert ask("OPTIONS", "/v1/models", authorization="Bearer t") is Route.API


def test_a_preflight_of_a_named_origin_is_answered_without_a_token() -> None:
    reply = run(decide(Request("OPTIONS", "/v1/models", PREFLIGHT), ROUTES, Door()))
    assert isinstance(reply, Reply)
    assert (reply.status, reply.body) == (204, b"")
    assert dict(reply.headers) == {
        "access-control-allow-methods": b"GET, POST, PUT, PATCH, DELETE",
        "access-control-allow-headers": b"authorization, content-type",
        "access-control-max-age": b"600",
    }


def test_a_preflight_of_another_origin_is_not() -> None:
    other = (("origin", b"https://evil.example"), *PREFLIGHT[1:])
    with pytest.raises(InvalidRequest):
        run(decide(Request("OPTIONS", "/v1/models", other), ROUTES, Door()))


def test_strange_header_names_are_not_repeated() -> None:
    strange = (*PREFLIGHT[:2], ("access-control-request-headers", b"a\x0bb"))
    reply = run(decide(Request("OPTIONS", "/v1/models", strange), ROUTES, Door()))
    assert isinstance(reply, Reply)
    assert find(reply.headers, "access-control-allow-headers") == ""


def test_a_named_origin_may_read_the_reply() -> None:
    request = Request("GET", "/v1/models", (("origin", ORIGIN.encode()),))
    assert dict(cors_headers(request, Door())) == {
        "access-control-allow-origin": ORIGIN.encode(),
        "access-control-expose-headers": (
            b"retry-after, retry-after-ms, x-request-id, x-should-retry"
        ),
        "vary": b"origin",
    }


@pytest.mark.parametrize("headers", [(), (("origin", b"https://evil.example"),)])
def test_others_may_not(headers: tuple[tuple[str, bytes], ...]) -> None:
    assert cors_headers(Request("GET", "/v1/models", headers), Door()) == ()
