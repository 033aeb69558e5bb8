"""Requests at the same time do not disturb each other."""

import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.e2e import replies
from tests.e2e.client import ask, streaming
from tests.e2e.exchange import Exchange
from tests.e2e.marked import PROMPT, chunks
from tests.e2e.proxy import Proxy
from tests.e2e.upstream import PATIENCE, Script, Upstream

STREAMS = 40
"""More than the 35 for which wasmtime's default pool has room."""


def _cut(exchange: Exchange) -> None:
    exchange.read_body()
    exchange.start()
    exchange.send(chunks(1)[0])


FAILURES: dict[str, Script] = {
    "error": replies.answer(400, b""),
    "reset": replies.reset,
    "cut": _cut,
}


@pytest.mark.parametrize("kind", [*FAILURES, "invalid"])
def test_a_failure_leaves_a_stream_alone(
    proxy: Proxy, upstream: Upstream, kind: str
) -> None:
    first, *rest = chunks(2)
    failed = threading.Event()

    def interrupted(exchange: Exchange) -> None:
        exchange.read_body()
        exchange.start()
        exchange.send(first)
        assert failed.wait(PATIENCE)
        for piece in rest:
            exchange.send(piece)
        exchange.finish()

    upstream.play(replies.in_turn(interrupted, FAILURES.get(kind, replies.silent)))
    with streaming(proxy) as response:
        arriving = response.iter_raw()
        received = next(arriving)
        if kind == "cut":
            with pytest.raises(httpx.RemoteProtocolError):
                ask(proxy)
        else:
            body = b"\xff" if kind == "invalid" else PROMPT
            assert ask(proxy, body).status_code >= 400
        failed.set()
        received += b"".join(arriving)
    assert received == b"".join([first, *rest])


def test_many_streams_at_once(proxy: Proxy, upstream: Upstream) -> None:
    """None ends before the last one has begun."""
    all_begun = threading.Barrier(STREAMS, timeout=PATIENCE)

    def together(exchange: Exchange) -> None:
        prompt = exchange.read_body()
        exchange.start()
        exchange.send(prompt)
        all_begun.wait()
        exchange.send(prompt)
        exchange.finish()

    upstream.play(together)
    prompts = [f"{PROMPT} {number}" for number in range(STREAMS)]
    with ThreadPoolExecutor(STREAMS) as clients:
        responses = list(clients.map(lambda prompt: ask(proxy, prompt), prompts))
    assert {response.status_code for response in responses} == {200}
    for prompt, response in zip(prompts, responses, strict=True):
        assert response.text.count(f'"{prompt}"') == 2
    ids = {response.headers["x-request-id"] for response in responses}
    assert len(ids) == STREAMS


def test_instances_share_nothing(proxy: Proxy, upstream: Upstream) -> None:
    """What one request left behind, the next one would find."""
    upstream.play(replies.stream())
    for number in range(5):
        assert ask(proxy, f"{PROMPT} {number}").status_code == 200
        assert f"{PROMPT} {number}".encode() in upstream.exchange(number).body
