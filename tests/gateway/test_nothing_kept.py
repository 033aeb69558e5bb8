"""A failure leaves nothing behind: each request has its line, and no instance stays.

An instance takes five requests here and is then dropped, unless something in it is
still waited for: a request that never comes to its end has no line, and keeps it.
"""

import json
import time
from collections.abc import Callable, Iterator

import pytest

from scripts.wasmtime import PRECOMPILED
from tests.e2e import replies
from tests.e2e.client import TEXT, connecting, send
from tests.e2e.exchange import Exchange
from tests.e2e.marked import PROMPT
from tests.e2e.memory import resident
from tests.e2e.proxy import GATEWAY, ROUTE, Proxy
from tests.e2e.upstream import PATIENCE, Script, Upstream
from tests.gateway.raw import request

MEBIBYTE = 1_048_576
COUNT = 20
GROWTH = 50
"""MiB that the server may keep: two instances, where four or more were kept."""
TARGET = "/v1/responses"
Ask = Callable[[], object]


@pytest.fixture(scope="module")
def served(defaults: dict[str, str]) -> Iterator[Proxy]:
    """A gateway whose instances are dropped after few requests."""
    environ = defaults | {"LOG_LEVEL": "info", "PROXY_FIRST_BYTE_TIMEOUT_MS": "50"}
    flags = ("--max-instance-reuse-count=5", *PRECOMPILED)
    proxy = Proxy("nothing-kept", environ, GATEWAY.component, flags, GATEWAY.logs)
    yield proxy
    proxy.stop()


def _end(exchange: Exchange) -> None:
    """End the connection in place of a reply."""
    exchange.read_body()


def _garbage(exchange: Exchange) -> None:
    exchange.read_body()
    exchange.write(b"This is no HTTP.\r\n\r\n")


def _cut(exchange: Exchange) -> None:
    exchange.read_body()
    exchange.start()
    exchange.send(b"data: 1\n\n")
    exchange.reset()


ATTEMPTS: dict[str, Script] = {
    "reset": replies.reset,
    "end": _end,
    "garbage": _garbage,
    "silence": replies.silent,
    "refusal": replies.answer(503),
}


def _first_fails(script: Script) -> Script:
    """Follow `script` in every first attempt, and stream in every second."""
    turns = iter((script, replies.stream()) * (COUNT + 1))
    return lambda exchange: next(turns)(exchange)


def _check(proxy: Proxy, upstream: Upstream, script: Script, ask: Ask) -> None:
    """Ask one by one: each has its line, and the memory comes down to what it was."""
    upstream.play(replies.stream())
    ask()
    bound = _lowest(proxy) + GROWTH * MEBIBYTE
    had = len(proxy.request_lines(1))
    upstream.play(script)
    for _ in range(COUNT):
        ask()
    assert len(proxy.request_lines(had + COUNT)) == had + COUNT
    assert _comes_down(proxy, bound)


def _lowest(proxy: Proxy) -> int:
    """Return the bytes that it holds at rest: idle instances are gone in a second."""
    held = []
    for _ in range(15):
        held.append(resident(proxy))
        time.sleep(0.1)
    return min(held)


def _comes_down(proxy: Proxy, bound: int) -> bool:
    end = time.monotonic() + PATIENCE
    while resident(proxy) > bound:
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


@pytest.mark.parametrize("target", [TARGET, ROUTE, "/chat"])
@pytest.mark.parametrize("failure", ATTEMPTS)
def test_an_attempt_that_fails_before_one_that_is_relayed(
    served: Proxy, upstream: Upstream, failure: str, target: str
) -> None:
    body = json.dumps({"prompt": PROMPT}) if target == "/chat" else PROMPT

    def ask() -> None:
        assert send(served, "POST", target, content=body, headers=TEXT).content

    _check(served, upstream, _first_fails(ATTEMPTS[failure]), ask)


@pytest.mark.parametrize("target", [TARGET, "/chat"])
def test_a_reply_that_breaks_off(
    served: Proxy, upstream: Upstream, target: str
) -> None:
    body = json.dumps({"prompt": PROMPT}).encode()

    def ask() -> None:
        with connecting(served) as connection:
            connection.sendall(request("POST", target, body=body))
            while connection.recv(65536):
                pass

    _check(served, upstream, _cut, ask)
