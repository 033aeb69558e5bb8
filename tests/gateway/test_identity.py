"""Bytes are the same with the gateway as without it, up and down."""

import random
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.e2e import replies
from tests.e2e.client import send
from tests.e2e.conftest import StartProxy
from tests.e2e.proxy import Proxy
from tests.e2e.test_relay import FIXTURES
from tests.e2e.upstream import PATIENCE, Upstream

TARGET = "/v1/responses"
BINARY = {"content-type": "audio/mpeg"}
SIZES = st.one_of(st.integers(0, 300), st.integers(0, 200_000))
CUTS = st.lists(st.integers(1, 70_000), min_size=1, max_size=6)


def _direct(upstream: Upstream) -> httpx.Response:
    with httpx.Client(timeout=PATIENCE, trust_env=False) as client:
        return client.post(f"{upstream.url}/responses", content=b"{}")


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.stem)
def test_every_fixture(proxy: Proxy, upstream: Upstream, fixture: Path) -> None:
    sent = fixture.read_bytes()
    upstream.play(replies.stream(replies.cut(sent, [1, 2, 3, 1000])))
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
    upstream.play(replies.stream(replies.cut(reply, cuts), BINARY))
    content = iter(replies.cut(body, cuts)) if chunked else body
    response = send(busy_proxy, "POST", TARGET, content=content)
    assert response.status_code == 200
    assert response.content == reply
    assert response.headers["content-type"] == BINARY["content-type"]
    assert upstream.exchange().body == body
    assert len(upstream.exchanges) == 1
