"""The upstream's bytes reach the client unchanged, however they were cut."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e import replies
from tests.e2e.client import ask
from tests.e2e.conftest import StartProxy
from tests.e2e.exchange import EVENT_STREAM, Exchange
from tests.e2e.proxy import ROOT, Proxy
from tests.e2e.upstream import Upstream

FIXTURES = sorted((ROOT / "tests" / "fixtures").glob("*.sse"))
SMALL = 10_000
"""Bytes up to which a fixture is also sent in the smallest pieces."""


def _pieces(data: bytes, size: int) -> Iterator[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))


def _check(proxy: Proxy, sent: bytes) -> None:
    response = ask(proxy)
    received = response.content
    assert response.status_code == 200
    assert response.headers["content-type"] == EVENT_STREAM["content-type"]
    assert hashlib.sha256(received).digest() == hashlib.sha256(sent).digest()
    line = proxy.request_line(response.headers["x-request-id"])
    assert (line["bytes"], line["outcome"]) == (len(sent), "complete")


def test_there_are_fixtures() -> None:
    assert len(FIXTURES) >= 12


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.stem)
@pytest.mark.parametrize("size", [1, 7, 4096, 65537, None])
def test_every_fixture_in_pieces(
    proxy: Proxy, upstream: Upstream, fixture: Path, size: int | None
) -> None:
    sent = fixture.read_bytes()
    if size is not None and size < 100 and len(sent) > SMALL:
        # A million pieces prove no more than ten thousand.
        sent = sent[:SMALL] + sent[-SMALL:]
    upstream.play(replies.stream(list(_pieces(sent, size or len(sent)))))
    _check(proxy, sent)


@pytest.mark.parametrize("framing", ["length", "close"])
def test_a_body_that_is_not_chunked(
    proxy: Proxy, upstream: Upstream, framing: str
) -> None:
    sent = (ROOT / "tests" / "fixtures" / "multibyte.sse").read_bytes()

    def script(exchange: Exchange) -> None:
        exchange.read_body()
        length = {"content-length": str(len(sent))}
        exchange.start_plain(
            200, EVENT_STREAM | (length if framing == "length" else {})
        )
        exchange.write(sent)

    upstream.play(script)
    _check(proxy, sent)


def test_bytes_that_are_no_text(start_proxy: StartProxy, upstream: Upstream) -> None:
    sent = bytes(range(256)) * 1000
    upstream.play(replies.stream(list(_pieces(sent, 999))))
    _check(start_proxy(LOG_LEVEL="info"), sent)


def test_a_stream_without_a_byte(proxy: Proxy, upstream: Upstream) -> None:
    upstream.play(replies.stream([]))
    _check(proxy, b"")
