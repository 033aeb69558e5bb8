"""One prompt through each file of build/: its upstream's own events come back."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from scripts.editions import EDITIONS, Edition
from scripts.wasmtime import PRECOMPILED
from tests.e2e import marked
from tests.e2e.client import TEXT, send
from tests.e2e.exchange import Exchange
from tests.e2e.marked import KEY, PROMPT
from tests.e2e.proxy import BUILD, Proxy
from tests.e2e.upstream import Upstream
from tests.gemini.editions import LOGS
from tests.gemini.google import FRAMES, TARGET, origin

EVENTS = {"/v1/responses": marked.chunks(3), TARGET: FRAMES}
"""What each API answers, by where it is asked."""
ASKED = {
    "final": "/v1/responses",
    "gateway": "/v1/responses",
    "gemini": TARGET,
    "gemini_gateway": TARGET,
}


def _answer(exchange: Exchange) -> None:
    exchange.read_body()
    exchange.start()
    for event in EVENTS[exchange.request.target]:
        exchange.send(event)
    exchange.finish()


def _serve(name: str, edition: Edition, upstream: Upstream) -> Proxy:
    environ = {
        edition.key_variable.default: KEY,
        edition.base_url.variable: origin(upstream) + edition.local_path,
    }
    component = BUILD / f"{name}.cwasm"
    proxy = Proxy(name, environ, component, (*edition.flags, *PRECOMPILED), LOGS)
    proxy.route = edition.prompt_path
    return proxy


@pytest.fixture(scope="module")
def proxies(shared_upstream: Upstream) -> Iterator[dict[str, Proxy]]:
    with ExitStack() as running:
        served = {}
        for name, edition in EDITIONS.items():
            served[name] = _serve(name, edition, shared_upstream)
            running.callback(served[name].stop)
        yield served


def test_the_same_prompt_through_each(
    proxies: dict[str, Proxy], upstream: Upstream
) -> None:
    upstream.play(_answer)
    assert list(proxies) == list(ASKED)
    for name, proxy in proxies.items():
        response = send(proxy, "POST", proxy.route, content=PROMPT, headers=TEXT)
        assert response.status_code == 200, name
        assert response.headers["content-type"].startswith("text/event-stream")
        assert response.content == b"".join(EVENTS[ASKED[name]]), name
        asked = upstream.exchanges[-1]
        assert asked.request.target == ASKED[name]
        assert PROMPT.encode() in asked.body
    assert len(upstream.exchanges) == len(proxies)
