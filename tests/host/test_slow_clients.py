"""Slow clients of the pair, and slow upstreams."""

import json

import pytest

from tests.host.peers import Pace, Script, Silence
from tests.host.runs import KEY
from tests.host.stage import Provider, Proxy
from tests.host.upstream import Answer

EVENT = b"data: 1\n\n"
HASTY = {
    "OPENAI_API_KEY": KEY,
    "PROXY_CONNECT_TIMEOUT_MS": "1000",
    "PROXY_FIRST_BYTE_TIMEOUT_MS": "2000",
    "PROXY_MAX_RETRIES": "0",
}


@pytest.mark.parametrize(
    ("body", "seconds"),
    [
        ((Silence(3600),), 30),
        ((b"Hel", Silence(3600), b"lo"), 30),
        ((b"Hel", Silence(29), b"lo", Silence(3600)), 59),
        ((b"x", Silence(4)) * 100, 32),
    ],
    ids=["nothing", "a beginning", "a pause before", "a trickle"],
)
def test_who_is_too_slow_is_told_and_left(
    pair: Proxy, body: Script, seconds: float
) -> None:
    run = pair.handle(body=body)
    error = json.loads(run.reply.body)["error"]
    assert (run.reply.status, error["code"]) == (408, "request_timeout")
    assert run.clock.seconds == pytest.approx(seconds)
    assert run.request_body.dropped_at is not None
    assert run.log[-1]["code"] == "request_timeout"
    assert not run.upstream.exchanges


def test_who_is_slow_but_steady_is_served(pair: Proxy) -> None:
    piece = b"x" * 4096
    run = pair.handle(Answer((EVENT,)), body=(piece, Silence(1)) * 100)
    assert (run.reply.status, run.reply.body) == (200, EVENT)


def test_a_prompt_may_take_longer_than_the_first_byte_timeout(
    provider: Provider,
) -> None:
    taken_slowly = Pace(permit=65_536, pause=1)
    answer = Answer((EVENT,), takes=taken_slowly, after=17)
    run = provider.stream(answer, prompt="x" * 1_000_000, environ=HASTY)
    assert (run.reply.status, run.reply.body) == (200, EVENT)
    assert len(run.upstream.only.body) > 1_000_000


@pytest.mark.parametrize("limit", [0, 100_000])
def test_an_upstream_that_takes_no_more_is_given_up(
    provider: Provider, limit: int
) -> None:
    stalled = Answer((EVENT,), takes=Pace(65_536, limit=limit), after=3600)
    run = provider.stream(stalled, prompt="x" * 1_000_000, environ=HASTY)
    assert run.reply.status == 504
    assert run.clock.seconds == pytest.approx(3)


def test_its_time_begins_when_all_is_sent(provider: Provider) -> None:
    slow = Answer((EVENT,), takes=Pace(permit=65_536, pause=1), after=3600)
    run = provider.stream(slow, prompt="x" * 1_000_000, environ=HASTY)
    assert run.reply.status == 504
    assert 16 < run.clock.seconds < 20
