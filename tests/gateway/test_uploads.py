"""Uploads go up while they arrive; what is small is kept, to be sent again."""

import queue
import random
import threading
from hashlib import sha256
from typing import BinaryIO

import pytest

from tests.e2e import replies
from tests.e2e.client import read_until, send
from tests.e2e.conftest import StartProxy
from tests.e2e.exchange import Exchange
from tests.e2e.marked import REPLY
from tests.e2e.memory import resident
from tests.e2e.proxy import Proxy
from tests.e2e.upstream import PATIENCE, Upstream
from tests.gateway.raw import answer, status
from tests.gateway.uploading import CHUNKED, TARGET, uploading

MEBIBYTE = 1_048_576
PIECE = random.Random(1).randbytes(50_000)
SMALL, LARGE = 10, 60
"""Pieces that are less than a MiB together, and more."""
FRAMINGS = {
    "small": (SMALL, SMALL * len(PIECE)),
    "large": (LARGE, LARGE * len(PIECE)),
    "chunked, small": (SMALL, CHUNKED),
    "chunked, large": (LARGE, CHUNKED),
}
framings = pytest.mark.parametrize(
    ("count", "length"), FRAMINGS.values(), ids=FRAMINGS.keys()
)


@framings
def test_every_piece_goes_up_at_once(
    proxy: Proxy, upstream: Upstream, count: int, length: int | None
) -> None:
    """The client sends a piece only when the upstream has the one before."""
    arrived = queue.Queue[int]()

    def script(exchange: Exchange) -> None:
        received = b""
        for piece in exchange.pieces():
            received += piece
            if len(received) % len(PIECE) == 0:
                arrived.put(len(received))
        exchange.start_plain(200, {"content-length": "32"})
        exchange.write(sha256(received).digest())

    upstream.play(script)
    with uploading(proxy, length) as upload:
        for number in range(1, count + 1):
            upload.send(PIECE)
            assert arrived.get(timeout=PATIENCE) == number * len(PIECE)
        upload.finish()
        assert upload.answer().endswith(sha256(PIECE * count).digest())


@framings
def test_both_ways_at_once(
    proxy: Proxy, upstream: Upstream, count: int, length: int | None
) -> None:
    """The reply begins before the upload has ended, and each piece is echoed."""

    def echo(exchange: Exchange) -> None:
        exchange.start()
        for piece in exchange.pieces():
            exchange.send(piece)
        exchange.finish()

    upstream.play(echo)
    with uploading(proxy, length) as upload:
        with upload.connection.makefile("rb") as received:
            upload.send(PIECE)
            while received.readline() != b"\r\n":
                pass
            for _ in range(count - 1):
                assert _read(received, len(PIECE)) == PIECE
                upload.send(PIECE)
            upload.finish()
            assert _read(received, len(PIECE)) == PIECE
            assert received.read() == b"0\r\n\r\n"


def _read(chunks: BinaryIO, length: int) -> bytes:
    """Read so much of a chunked body."""
    data = b""
    while len(data) < length:
        size = int(chunks.readline(), 16)
        data += chunks.read(size)
        assert chunks.readline() == b"\r\n"
    return data


@pytest.mark.parametrize("size", [0, 1, 70_000, MEBIBYTE])
@pytest.mark.parametrize("is_chunked", [False, True])
def test_a_small_upload_is_sent_again(
    proxy: Proxy, upstream: Upstream, size: int, is_chunked: bool
) -> None:
    body = random.Random(size).randbytes(size)
    upstream.play(replies.in_turn(replies.answer(503), replies.answer(200, b"{}")))
    content = iter([body]) if is_chunked else body
    response = send(proxy, "POST", TARGET, content=content)
    assert response.status_code == 200
    assert [exchange.body for exchange in upstream.exchanges] == [body, body]


@pytest.mark.parametrize("is_chunked", [False, True])
def test_a_large_upload_is_not_sent_again(
    proxy: Proxy, upstream: Upstream, is_chunked: bool
) -> None:
    body = random.Random(3).randbytes(3 * MEBIBYTE)
    upstream.play(replies.answer(503))
    content = iter([body]) if is_chunked else body
    response = send(proxy, "POST", TARGET, content=content)
    assert response.status_code == 503
    assert [exchange.body == body for exchange in upstream.exchanges] == [True]
    # The client may try again: nobody has for it.
    assert "x-should-retry" not in response.headers


@framings
def test_a_client_that_breaks_off(
    proxy: Proxy, upstream: Upstream, count: int, length: int | None
) -> None:
    arrived = threading.Event()

    def script(exchange: Exchange) -> None:
        for _ in exchange.pieces():
            arrived.set()
        raise AssertionError("the upload has ended well")

    upstream.play(script)
    with uploading(proxy, length) as upload:
        for _ in range(count - 1):
            upload.send(PIECE)
        assert arrived.wait(PATIENCE)
    assert upstream.exchange().closed.wait(2)
    assert len(upstream.exchanges) == 1


@pytest.mark.parametrize("length", [100_000, 3_000_000, CHUNKED])
def test_an_answer_before_the_upload_is_read(
    proxy: Proxy, upstream: Upstream, length: int | None
) -> None:
    body = replies.openai_error(REPLY, "invalid_request_error", "too_large")

    def refuse(exchange: Exchange) -> None:
        headers = replies.JSON | {"content-length": str(len(body))}
        exchange.start_plain(413, headers)
        exchange.write(body)
        exchange.wait_closed()

    upstream.play(refuse)
    with uploading(proxy, length) as upload:
        upload.send(PIECE)
        received = read_until(upload.connection, body)
    assert status(received) == 413
    assert len(upstream.exchanges) == 1


@pytest.mark.parametrize("is_chunked", [False, True], ids=["length", "chunked"])
def test_memory_does_not_grow_with_the_upload(
    start_proxy: StartProxy,
    upstream: Upstream,
    is_chunked: bool,
    capsys: pytest.CaptureFixture[str],
) -> None:
    total = 20 * MEBIBYTE
    count = total // len(PIECE)
    proxy = start_proxy()
    digests = []

    def script(exchange: Exchange) -> None:
        digest = sha256()
        for piece in exchange.pieces():
            digest.update(piece)
        digests.append(digest.digest())
        exchange.start_plain(200, {"content-length": "0"})

    upstream.play(script)
    highest = 0
    with uploading(proxy, CHUNKED if is_chunked else count * len(PIECE)) as upload:
        upload.send(PIECE)
        upstream.exchange()
        before = resident(proxy)
        for _ in range(count - 1):
            upload.send(PIECE)
            highest = max(highest, resident(proxy))
        upload.finish()
        assert status(upload.answer()) == 200
    assert digests == [sha256(PIECE * count).digest()]
    growth = (highest - before) / MEBIBYTE
    with capsys.disabled():
        print(f"\nmemory grew by {growth:.1f} MiB with 20 MiB sent up")
    assert growth < 10


@pytest.mark.parametrize("declared", [0, 1, 3, 4, 5, 20, 900_000, 40_000_000])
@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_chunks_beside_a_length_are_a_request_that_was_sent_in_chunks(
    start_proxy: StartProxy, upstream: Upstream, method: str, declared: int
) -> None:
    """The chunks count, and all of them go up."""
    upstream.play(replies.answer(200, b"{}"))
    proxy = start_proxy(PROXY_ALLOWED_PATHS="*")
    received = answer(proxy, _both(method, declared))
    assert status(received) == 200
    # An attempt that is given up at once may show itself after the one that is not.
    assert b"abcd" in [exchange.body for exchange in upstream.exchanges]


def _both(method: str, declared: int) -> bytes:
    """Return a request with a length and chunks, in the order in which both count."""
    head = f"{method} /v1/responses HTTP/1.1\r\nhost: p\r\nconnection: close\r\n"
    framing = f"content-length: {declared}\r\ntransfer-encoding: chunked\r\n\r\n"
    return (head + framing).encode() + b"1\r\na\r\n2\r\nbc\r\n1\r\nd\r\n0\r\n\r\n"
