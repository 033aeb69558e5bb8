"""Bytes are the same with the gateway as without it, up and down."""

import random
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.e2e.client import send
from tests.e2e.conftest import StartProxy
from tests.e2e.exchange import EVENT_STREAM, Exchange
from tests.e2e.proxy import Proxy
from tests.e2e.test_relay import FIXTURES
from tests.e2e.upstream import PATIENCE, Script, Upstream

TARGET = "/v1/responses"
BINARY = {"content-type": "audio/mpeg"}
SIZES = st.one_of(st.integers(0, 300), st.integers(0, 200_000))
CUTS = st.lists(st.integers(1, 70_000), min_size=1, max_size=6)


def _cut(data: bytes, sizes: list[int]) -> Iterator[bytes]:
    """Cut data into pieces of these sizes, again and again."""
    start, number = 0, 0
    while start < len(data):
        size = sizes[number % len(sizes)]
        yield data[start : start + size]
        start, number = start + size, number + 1


def _reply(data: bytes, sizes: list[int], headers: dict[str, str]) -> Script:
    def script(exchange: Exchange) -> None:
        exchange.read_body()
        exchange.start(200, headers)
        for piece in _cut(data, sizes):
            exchange.send(piece)
        exchange.finish()

    return script


def _direct(upstream: Upstream) -> httpx.Response:
    with httpx.Client(timeout=PATIENCE, trust_env=False) as client:
        return client.post(f"{upstream.url}/responses", content=b"{}")


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.stem)
def test_every_fixture(proxy: Proxy, upstream: Upstream, fixture: Path) -> None:
    sent = fixture.read_bytes()
    upstream.play(_reply(sent, [1, 2, 3, 1000], EVENT_STREAM))
    direct = _direct(upstream)
    proxied = send(proxy, "POST", TARGET, content=b"{}")
    assert sha256(proxied.content).digest() == sha256(direct.content).digest()
    assert direct.content == sent
    assert proxied.headers["content-type"] == direct.headers["content-type"]


@pytest.fixture
def busy_proxy(start_proxy: StartProxy) -> Proxy:
    return start_proxy(LOG_LEVEL="error")


@settings(
    max_examples=60,
    deadline=None,
    # The upstream is told anew what to play, so nothing is left of an example.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(), up=SIZES, down=SIZES, cuts=CUTS, chunked=st.booleans())
def test_any_bytes(
    busy_proxy: Proxy,
    upstream: Upstream,
    seed: int,
    up: int,
    down: int,
    cuts: list[int],
    chunked: bool,
) -> None:
    source = random.Random(seed)
    body, reply = source.randbytes(up), source.randbytes(down)
    upstream.play(_reply(reply, cuts, BINARY))
    content = _cut(body, cuts) if chunked else body
    response = send(busy_proxy, "POST", TARGET, content=content)
    assert response.status_code == 200
    assert response.content == reply
    assert response.headers["content-type"] == BINARY["content-type"]
    assert upstream.exchange().body == body
    assert len(upstream.exchanges) == 1
