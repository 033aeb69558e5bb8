"""A request that comes back to the gateway goes no further."""

import json

import pytest

from openai_component.openai import OPENAI
from provider.answer import answer
from provider.base_url import BaseUrl
from provider.loops import MARKS_LIMIT
from provider.marks import VIA, mark, read_marks, via
from provider.routes import serve
from tests.unit.fakes import (
    ENVIRON,
    Log,
    ScriptedBody,
    host,
    response,
    run,
)
from wire.errors import UpstreamError
from wire.ports import Headers, Reply, Request, UpstreamRequest
from wire.respond import settle

CHAT = ("POST", "/chat", b'{"prompt": "Hi"}')
ROUTES = [
    CHAT,
    ("POST", "/v1/responses", b"{}"),
    ("GET", "/v1/models", b""),
    ("GET", "/v1/models/x", b""),
]
OWN = mark(BaseUrl("https", "api.openai.com", "/v1"))
OTHER = mark(BaseUrl("http", "127.0.0.1:8080", "/v1"))


def ask(
    method: str, target: str, body: bytes, sent: Headers
) -> tuple[Reply, list[UpstreamRequest]]:
    given, upstream, _ = host(response(200, b"{}"), environ=ENVIRON)
    request = Request(method, target, sent)
    log = Log().log
    served = serve(request, ScriptedBody(body), OPENAI, given, log)
    return run(settle(served, log)), upstream.requests


def sent_marks(request: UpstreamRequest) -> tuple[str, ...]:
    assert [name for name, _ in request.headers].count(VIA) == 1
    return read_marks(request.headers)


@pytest.mark.parametrize(("method", "target", "body"), ROUTES)
def test_every_request_says_where_it_goes(
    method: str, target: str, body: bytes
) -> None:
    _, (sent,) = ask(method, target, body, ())
    assert sent_marks(sent) == (OWN,)
    assert b"openai" not in dict(sent.headers)[VIA]


def test_so_does_a_prompt() -> None:
    given, upstream, _ = host(response(200, b"x"))
    run(answer("Hi", OPENAI, given, Log().log))
    assert sent_marks(upstream.requests[0]) == (OWN,)


@pytest.mark.parametrize(("method", "target", "body"), ROUTES)
def test_one_that_comes_back_goes_no_further(
    method: str, target: str, body: bytes
) -> None:
    _, (first,) = ask(method, target, body, ())
    came = tuple(header for header in first.headers if header[0] == VIA)
    reply, sent = ask(method, target, body, came)
    assert (reply.status, sent) == (508, [])
    assert isinstance(reply.body, bytes)
    assert json.loads(reply.body)["error"]["code"] == "loop_detected"
    assert ("x-should-retry", b"false") in reply.headers


def test_one_that_comes_back_by_way_of_another_does_not_either() -> None:
    reply, sent = ask(*CHAT, via((OWN, OTHER)))
    assert (reply.status, sent) == (508, [])


@pytest.mark.parametrize(("method", "target", "body"), ROUTES[1:])
def test_a_gateway_behind_another_hands_its_mark_on(
    method: str, target: str, body: bytes
) -> None:
    reply, (sent,) = ask(method, target, body, via((OTHER,)))
    assert reply.status == 200
    assert sent_marks(sent) == (OTHER, OWN)


def test_what_others_say_in_via_stays_behind() -> None:
    theirs = (
        (VIA, b"1.1 proxy.corp.example (squid), 1.1 wasm-llm-proxy"),
        (VIA, f"1.1 {OWN}x, 2 {OWN}, \xe9,,1.1 {OTHER}".encode("latin-1")),
    )
    _, (sent,) = ask("POST", "/v1/responses", b"{}", theirs)
    assert dict(sent.headers)[VIA] == f"1.1 {OTHER}, 1.1 {OWN}".encode()


def test_a_chain_has_an_end() -> None:
    others = tuple(mark(BaseUrl("http", f"h{n}", "")) for n in range(MARKS_LIMIT + 1))
    assert ask(*CHAT, via(others[:-1]))[0].status == 200
    assert ask(*CHAT, via(others))[0].status == 508


def test_a_loop_is_no_success() -> None:
    with pytest.raises(UpstreamError, match="base URL"):
        given, _, _ = host(environ=ENVIRON)
        request = Request("GET", "/v1/models", via((OWN,)))
        run(serve(request, ScriptedBody(), OPENAI, given, Log().log))
