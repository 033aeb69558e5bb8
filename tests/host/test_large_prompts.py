"""A prompt of the largest size, and upstreams that take it slowly or not at all."""

import json

import pytest
from wasmtime.component import Variant

from http_proxy.prompts import PROMPT_LIMIT
from tests.host.peers import Pace, Silence
from tests.host.stage import Provider, Proxy
from tests.host.upstream import JSON, Answer, Failure

PROMPT = "abcdefgh" * (PROMPT_LIMIT // 8)
EVENT = b"data: 1\n\n"


def test_the_largest_prompt_goes_up_whole(pair: Proxy) -> None:
    data = PROMPT.encode()
    body = tuple(data[i : i + 65_536] for i in range(0, len(data), 65_536))
    run = pair.handle(Answer((EVENT,)), body=body)
    assert run.reply.body == EVENT
    assert json.loads(run.upstream.only.body)["input"] == PROMPT
    assert run.upstream.only.sent.end == "finished"


def test_an_upstream_that_takes_it_in_small_pieces(provider: Provider) -> None:
    slow = Answer((EVENT,), takes=Pace(permit=4096, pause=0.001), after=5)
    run = provider.stream(slow, prompt=PROMPT)
    assert run.reply.body == EVENT
    assert json.loads(run.upstream.only.body)["input"] == PROMPT
    # It was taken within the 5 s: the head did not have to wait for it.
    assert run.reply.head_at == 5


@pytest.mark.parametrize("taken", [0, 1, 4096, 100_000])
@pytest.mark.parametrize("status", [403, 413])
def test_an_upstream_that_answers_before_it_has_taken_it(
    provider: Provider, taken: int, status: int
) -> None:
    body = b'{"error":{"message":"No.","type":"t","param":null,"code":null}}'
    refusal = Answer((body,), status, JSON, takes=Pace(4096, limit=taken), after=2)
    run = provider.stream(refusal, prompt=PROMPT)
    assert run.reply.head_at == 2
    assert (run.reply.status, run.reply.body) == (status, body)
    assert run.reply.end == "finished"
    assert run.upstream.only.sent.end == "abandoned"
    assert len(run.upstream.only.body) == taken


def test_an_upstream_that_streams_before_it_has_taken_it(provider: Provider) -> None:
    # Were the unsent rest dropped before the stream's end, the stream would break.
    early = Answer((EVENT, Silence(1), EVENT), takes=Pace(4096, limit=8192), after=1)
    run = provider.stream(early, prompt=PROMPT)
    assert run.reply.chunks == [EVENT, EVENT]
    assert run.reply.end == "finished"


@pytest.mark.parametrize("at_once", [True, False], ids=["handle", "future"])
def test_an_upstream_that_fails_before_it_has_taken_it(
    provider: Provider, at_once: bool
) -> None:
    failure = Failure(
        Variant("TLS-protocol-error"), at_once, after=1, takes=Pace(limit=10)
    )
    run = provider.stream(failure, prompt=PROMPT)
    assert run.reply.status == 502
    assert run.upstream.only.sent.end == "abandoned"
