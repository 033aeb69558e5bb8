"""Who may enter: with tokens set, only who shows one; `/health` is open to all."""

import json

import pytest

from tests.e2e import replies
from tests.e2e.client import TEXT, error_of, send
from tests.e2e.conftest import StartProxy
from tests.e2e.marked import CLIENT_SECRET, KEY, PROMPT, REPLY
from tests.e2e.proxy import ROUTE, Proxy
from tests.e2e.upstream import Upstream
from tests.gateway.chatting import CHAT, asking, whole
from tests.gateway.raw import answer, request, status

TOKENS = (f"{CLIENT_SECRET}-one", f"{CLIENT_SECRET}-two")
ROUTES = [
    ("POST", ROUTE),
    ("GET", ROUTE),
    ("OPTIONS", ROUTE),
    ("GET", "/v1/models"),
    ("POST", "/v1/responses"),
    ("DELETE", "/v1/responses/x"),
    ("OPTIONS", "/v1/models"),
    ("PURGE", "/v1/models"),
    ("POST", "/chat"),
    ("GET", "/chat"),
    ("OPTIONS", "/chat"),
    ("GET", "/health/ready"),
    ("POST", "/health/ready"),
    ("GET", "/v1/files"),
    ("GET", "/nowhere"),
    ("GET", "/"),
    ("OPTIONS", "*"),
    ("GET", "/health/"),
    ("GET", "/healthy"),
    ("CONNECT", "evil.example:443"),
]
ONE = TOKENS[0].encode()
REFUSED = {
    "no header": (),
    "an empty one": (b"authorization:",),
    "the scheme alone": (b"authorization: Bearer",),
    "the scheme and a blank": (b"authorization: Bearer ",),
    "no scheme": (b"authorization: " + ONE,),
    "another scheme": (b"authorization: Basic " + ONE,),
    "a wrong token": (b"authorization: Bearer wrong",),
    "the key": (b"authorization: Bearer " + KEY.encode(),),
    "upper case": (b"authorization: Bearer " + ONE.upper(),),
    "a part": (b"authorization: Bearer " + ONE[:-1],),
    "more": (b"authorization: Bearer " + ONE + b"x",),
    "two words": (b"authorization: Bearer " + ONE + b" " + ONE,),
    "a list": (b"authorization: Bearer " + ONE + b"," + TOKENS[1].encode(),),
    "quotes": (b'authorization: Bearer "' + ONE + b'"',),
    "no ASCII": (b"authorization: Bearer " + ONE + b"\xff",),
    "a tab": (b"authorization: Bearer\t" + ONE,),
    "twice": (b"authorization: Bearer " + ONE,) * 2,
    "wrong and right": (b"authorization: Bearer x", b"authorization: Bearer " + ONE),
    "another header": (b"x-api-key: " + ONE, b"api-key: " + ONE),
    "proxy-authorization": (b"proxy-authorization: Bearer " + ONE,),
}


@pytest.fixture
def guarded(start_proxy: StartProxy) -> Proxy:
    """A gateway that asks for one of two tokens."""
    return start_proxy(PROXY_ACCESS_TOKENS=" , ".join(TOKENS))


def _check_refused(received: bytes, code: str = "missing_access_token") -> None:
    assert status(received) == 401
    head, _, body = received.partition(b"\r\n\r\n")
    assert b'\r\nwww-authenticate: Bearer realm="gateway"' in head
    assert b"access-control-" not in head
    error = json.loads(body[body.index(b"{") : body.rindex(b"}") + 1])["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert error["code"] == code
    assert CLIENT_SECRET.encode() not in received.lower()


def test_without_a_token_no_route_answers(guarded: Proxy) -> None:
    """The upstream of the tests fails when it is asked."""
    for method, target in ROUTES:
        _check_refused(answer(guarded, request(method, target)))


def test_only_the_tokens_are_taken(guarded: Proxy) -> None:
    for name, lines in REFUSED.items():
        for sent in (
            request("GET", "/v1/models", *lines),
            request("POST", ROUTE, *lines, body=PROMPT.encode()),
        ):
            received = answer(guarded, sent)
            assert status(received) == 401, name
            is_shown = any(line.startswith(b"authorization") for line in lines)
            code = "invalid_access_token" if is_shown else "missing_access_token"
            _check_refused(received, code)
    assert CLIENT_SECRET.lower() not in guarded.text().lower()


@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER "])
def test_each_token_enters(
    guarded: Proxy, upstream: Upstream, token: str, scheme: str
) -> None:
    upstream.play(replies.stream())
    shown = {"authorization": f"{scheme} {token}"}
    for target in (ROUTE, "/v1/responses"):
        response = send(guarded, "POST", target, content=PROMPT, headers=TEXT | shown)
        assert response.status_code == 200
        guarded.request_line(response.headers["x-request-id"])
    for exchange in upstream.exchanges:
        assert exchange.request.headers["authorization"] == f"Bearer {KEY}"
        assert CLIENT_SECRET not in str(exchange.request)
    assert CLIENT_SECRET not in guarded.text()


def test_chat_and_readiness_take_a_token(guarded: Proxy, upstream: Upstream) -> None:
    shown = {"authorization": f"Bearer {TOKENS[0]}"}
    upstream.play(replies.stream(whole()))
    body = asking(format="text")
    response = send(guarded, "POST", CHAT, content=body, headers=shown)
    assert (response.status_code, response.text) == (200, REPLY)
    upstream.play(replies.answer(200, b"{}"))
    response = send(guarded, "GET", "/health/ready", headers=shown)
    assert (response.status_code, response.json()["status"]) == (200, "healthy")
    asked = upstream.exchange().request
    assert asked.headers["authorization"] == f"Bearer {KEY}"


def test_health_is_open(guarded: Proxy) -> None:
    for method in ("GET", "HEAD", "OPTIONS"):
        assert send(guarded, method, "/health").is_success
    assert send(guarded, "GET", "/health?x=1").status_code == 200
    assert send(guarded, "POST", "/health").status_code == 405


def test_a_refusal_does_not_wait_for_the_body(guarded: Proxy) -> None:
    sent = request("POST", "/v1/responses", length=5_000_000)
    assert status(answer(guarded, sent)) == 401


def test_without_tokens_it_is_open_and_says_so(
    start_proxy: StartProxy, upstream: Upstream
) -> None:
    upstream.play(replies.stream())
    proxy = start_proxy(PROXY_ACCESS_TOKENS=None)
    assert send(proxy, "GET", "/v1/models").status_code == 200
    (line,) = proxy.log_lines("open")
    assert "PROXY_ACCESS_TOKENS" in line["notice"]


@pytest.mark.parametrize("tokens", ["", " ", "p@ss!word", f"Bearer {CLIENT_SECRET}"])
def test_a_list_of_tokens_that_makes_no_sense_lets_nobody_in(
    start_proxy: StartProxy, tokens: str
) -> None:
    """The upstream of the tests fails when it is asked."""
    proxy = start_proxy(PROXY_ACCESS_TOKENS=tokens)
    for shown in ({}, {"authorization": f"Bearer {tokens.split(' ')[-1] or 'x'}"}):
        response = send(proxy, "GET", "/v1/models", headers=shown)
        error = error_of(response)
        assert (response.status_code, error["code"]) == (500, "invalid_setting")
        assert error["message"].startswith("PROXY_ACCESS_TOKENS is ")
        assert not tokens.strip() or tokens not in response.text
    assert send(proxy, "GET", "/health").status_code == 200
    assert "p@ss" not in proxy.text() and CLIENT_SECRET not in proxy.text()


def test_with_tokens_no_line_says_that_it_is_open(guarded: Proxy) -> None:
    response = send(guarded, "GET", "/v1/models")
    assert error_of(response)["code"] == "missing_access_token"
    guarded.request_line(response.headers["x-request-id"])
    assert guarded.log_lines("open") == []
