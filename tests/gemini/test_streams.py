"""Gemini's own events reach the client as they are, however they were cut."""

import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e import replies
from tests.e2e.client import ask, streaming
from tests.e2e.exchange import Exchange
from tests.e2e.proxy import Edition, Proxy
from tests.e2e.upstream import PATIENCE, Script, Upstream
from tests.gemini.google import FIXTURES, FRAMES

PLAIN = {"content-type": "text/event-stream"}
"""As Google says it: without a charset."""


def _cut(data: bytes, size: int) -> Iterator[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))


def _at_line_ends(data: bytes) -> list[bytes]:
    """Cut between the two bytes of each CRLF, so that each piece starts with LF."""
    first, *rest = data.split(b"\n")
    return [first, *(b"\n" + piece for piece in rest)]


def _check(proxy: Proxy, edition: Edition, sent: bytes) -> None:
    response = ask(proxy)
    assert response.status_code == 200
    assert response.headers["content-type"] == PLAIN["content-type"]
    received = hashlib.sha256(response.content).digest()
    assert received == hashlib.sha256(sent).digest()
    line = proxy.request_line(response.headers["x-request-id"])
    assert line["outcome"] == edition.outcome("complete")
    if not edition.relays:
        assert line["bytes"] == len(sent)


def test_there_are_fixtures() -> None:
    assert len(FIXTURES) >= 13
    assert all(fixture.stat().st_size for fixture in FIXTURES)


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.stem)
@pytest.mark.parametrize("size", [1, 7, 4096])
def test_every_fixture_in_pieces(
    edition: Edition, proxy: Proxy, upstream: Upstream, fixture: Path, size: int
) -> None:
    sent = fixture.read_bytes()
    upstream.play(replies.stream(list(_cut(sent, size)), PLAIN))
    _check(proxy, edition, sent)


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.stem)
def test_every_fixture_cut_in_its_line_ends(
    edition: Edition, proxy: Proxy, upstream: Upstream, fixture: Path
) -> None:
    sent = fixture.read_bytes()
    pieces = _at_line_ends(sent)
    assert b"".join(pieces) == sent
    upstream.play(replies.stream([piece for piece in pieces if piece], PLAIN))
    _check(proxy, edition, sent)


@pytest.mark.parametrize("framing", ["length", "close"])
def test_a_stream_that_is_not_chunked(
    edition: Edition, proxy: Proxy, upstream: Upstream, framing: str
) -> None:
    sent = b"".join(FRAMES)
    length = {"content-length": str(len(sent))} if framing == "length" else {}

    def script(exchange: Exchange) -> None:
        exchange.read_body()
        exchange.start_plain(200, PLAIN | length)
        exchange.write(sent)

    upstream.play(script)
    _check(proxy, edition, sent)


def _one_by_one(arrived: list[threading.Event]) -> Script:
    """Send each frame but the first when the client has the one before."""

    def script(exchange: Exchange) -> None:
        exchange.read_body()
        exchange.start(200, PLAIN)
        for frame, event in zip(FRAMES, arrived, strict=True):
            exchange.send(frame)
            assert event.wait(PATIENCE)
        exchange.finish()

    return script


def test_each_event_comes_when_it_was_sent(proxy: Proxy, upstream: Upstream) -> None:
    arrived = [threading.Event() for _ in FRAMES]
    upstream.play(_one_by_one(arrived))
    with streaming(proxy) as response:
        assert response.headers["cache-control"] == "no-cache"
        assert response.headers["x-accel-buffering"] == "no"
        arriving = response.iter_raw()
        for frame, event in zip(FRAMES, arrived, strict=True):
            received = b""
            while len(received) < len(frame):
                received += next(arriving)
            assert received == frame
            event.set()
        assert list(arriving) == []
