"""No head, of a request or of a reply, ends an instance: the client gets our error."""

import pytest

from tests.e2e.client import Server
from tests.e2e.exchange import Exchange
from tests.e2e.proxy import ROUTE, Proxy
from tests.e2e.upstream import Script, Upstream
from tests.gateway.poisons import REPLIES, REQUESTS
from tests.gateway.raw import answer, request, status
from wire.headers import HEADERS_LIMIT

PROMPT = request("POST", ROUTE, body=b"x")
KIBIBYTE = 1024
# wasmtime itself refuses it, before a guest of WASI 0.2 sees anything.
HOSTLESS = "HTTP/1.0 without a host"


def _reply(first: bytes, *lines: bytes, after: bytes = b"") -> Script:
    """Answer with so many header lines, and with lines `after` the body."""
    head = b"\r\n".join([b"HTTP/1.1 " + first, *lines])
    body = b"2\r\nok\r\n0\r\n" + after + b"\r\n"

    def script(exchange: Exchange) -> None:
        exchange.read_body()
        exchange.write(head + b"\r\ntransfer-encoding: chunked\r\n\r\n" + body)

    return script


def _lines(name: bytes, count: int, size: int) -> list[bytes]:
    return [b"%b-%d: %b" % (name, number, b"x" * size) for number in range(count)]


TOO_LARGE = {
    "one value": _reply(b"200 OK", *_lines(b"openai", 1, 130 * KIBIBYTE)),
    "many values": _reply(b"200 OK", *_lines(b"openai", 90, 3 * KIBIBYTE)),
    "one name twice": _reply(b"200 OK", *[b"openai-x: " + b"x" * 70_000] * 3),
    "an error's": _reply(b"400 No", *_lines(b"x-ratelimit", 20, 8 * KIBIBYTE)),
    "a type": _reply(b"200 OK", b"content-type: " + b"x" * 140 * KIBIBYTE),
    "an id": _reply(b"200 OK", b"x-request-id: " + b"x" * 140 * KIBIBYTE),
    "just over": _reply(b"200 OK", *_lines(b"openai", 1, HEADERS_LIMIT)),
}
TAKEN = {
    "not passed on": _reply(b"200 OK", *_lines(b"x-other", 20, 10 * KIBIBYTE)),
    "just under": _reply(b"200 OK", *_lines(b"openai", 1, HEADERS_LIMIT - 200)),
    "trailers": _reply(
        b"200 OK", after=b"".join(b"%b\r\n" % line for line in _lines(b"t", 90, 900))
    ),
}


def _received(proxy: Server, sent: bytes, name: str) -> bytes:
    received = answer(proxy, sent)
    assert b"internal_error" not in received, name
    assert b"<html>" not in received, name
    return received


@pytest.mark.parametrize("name", TOO_LARGE)
def test_headers_over_the_limit_are_a_502(
    proxy: Proxy, upstream: Upstream, name: str
) -> None:
    upstream.play(TOO_LARGE[name])
    received = _received(proxy, PROMPT, name)
    assert status(received) == 502
    assert b'"code": "upstream_headers"' in received


@pytest.mark.parametrize("name", TAKEN)
def test_headers_below_it_pass(proxy: Proxy, upstream: Upstream, name: str) -> None:
    upstream.play(TAKEN[name])
    assert status(_received(proxy, PROMPT, name)) == 200


def test_strange_replies(proxy: Proxy, upstream: Upstream) -> None:
    for name, script in REPLIES.items():
        upstream.play(script)
        assert _received(proxy, PROMPT, name).startswith(b"HTTP/1.1 "), name


def test_strange_requests(proxy: Proxy, upstream: Upstream) -> None:
    upstream.play(REPLIES["204"])
    assert HOSTLESS in REQUESTS
    for name, sent in REQUESTS.items():
        if name == HOSTLESS:
            continue
        assert _received(proxy, sent, name).startswith(b"HTTP/1."), name


def test_a_head_over_the_limit_is_refused(proxy: Proxy) -> None:
    lines = _lines(b"accept", 9, 8 * KIBIBYTE)
    received = _received(proxy, request("POST", ROUTE, *lines, body=b"x"), "headers")
    assert (status(received), b'"headers_too_large"' in received) == (431, True)
    received = _received(proxy, request("GET", "/health?" + "x" * 9000), "target")
    assert (status(received), b'"target_too_long"' in received) == (414, True)
