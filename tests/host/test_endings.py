"""How a stream ends: whole, broken off by the upstream, or left by the client."""

import pytest

from tests.host.client import Client
from tests.host.peers import Broken, Pace, Script, Silence
from tests.host.runs import Run
from tests.host.stage import Provider, Proxy
from tests.host.upstream import JSON, Answer
from tests.host.wasi.clocks import SECOND
from wire.relay import COPIED_LIMIT

EVENT = b"data: 1\n\n"
HOUR = 3600.0


def outcome(run: Run) -> object:
    (line,) = run.log
    return line["outcome"]


def assert_cancelled_within_a_second(run: Run) -> None:
    source = run.upstream.only.answer
    assert run.reply.gone_at is not None
    assert source.dropped_at is not None
    assert 0 <= source.dropped_at - run.reply.gone_at <= SECOND
    assert run.reply.end == "abandoned"
    assert outcome(run) == "client_gone"


@pytest.mark.parametrize("sent", [(), (EVENT,), (EVENT, Silence(2), EVENT)])
@pytest.mark.parametrize(
    "code", ["connection-terminated", "HTTP-response-incomplete", "HTTP-protocol-error"]
)
def test_an_upstream_that_breaks_off_never_looks_like_an_end(
    provider: Provider, sent: Script, code: str
) -> None:
    run = provider.stream(Answer((*sent, Broken(code))))
    assert run.reply.status == 200
    assert run.reply.chunks == [item for item in sent if item == EVENT]
    assert run.reply.end == "abandoned"
    assert outcome(run) == "upstream_broken"
    assert run.log[0]["cause"] == code.lower()


def test_a_break_reaches_the_client_through_the_router(pair: Proxy) -> None:
    run = pair.handle(Answer((EVENT, Broken())))
    assert run.reply.body == EVENT
    assert run.reply.end == "abandoned"


def test_a_clean_end_is_finished_when_it_comes(provider: Provider) -> None:
    run = provider.stream(Answer((EVENT, Silence(30), EVENT, Silence(5))))
    assert run.reply.moments == [0, 30 * SECOND]
    assert run.reply.end == "finished"
    assert run.clock.now() == 35 * SECOND
    assert outcome(run) == "complete"


@pytest.mark.parametrize("chunks", [1, 2, 3])
def test_a_client_that_leaves_while_it_streams(provider: Provider, chunks: int) -> None:
    body = (EVENT, Silence(0.1)) * 100
    run = provider.stream(Answer(body), client=Client(leaves_after_chunks=chunks))
    assert len(run.reply.chunks) == chunks
    assert run.upstream.only.answer.bytes_read <= (chunks + 1) * len(EVENT)
    assert_cancelled_within_a_second(run)


@pytest.mark.parametrize("leaves_at", [0.0, 0.3, 0.5, 1.7, 59.9])
def test_a_client_that_leaves_while_the_upstream_is_silent(
    provider: Provider, leaves_at: float
) -> None:
    silent = Answer((EVENT, Silence(HOUR), EVENT))
    run = provider.stream(silent, client=Client(leaves_at=leaves_at))
    assert_cancelled_within_a_second(run)


def test_a_client_that_leaves_before_the_first_byte(provider: Provider) -> None:
    silent = Answer((Silence(HOUR), EVENT))
    run = provider.stream(silent, client=Client(leaves_at=2.2))
    assert run.reply.chunks == []
    assert_cancelled_within_a_second(run)


def test_a_client_that_leaves_a_silent_upstream_behind_the_router(pair: Proxy) -> None:
    silent = Answer((EVENT, Silence(HOUR), EVENT))
    run = pair.handle(silent, client=Client(leaves_at=2.2))
    assert_cancelled_within_a_second(run)


LONG = b"x" * COPIED_LIMIT
"""As much as passes through the guest; the host moves what follows."""


def test_a_long_stream_ends_clean(provider: Provider) -> None:
    run = provider.stream(Answer((LONG, EVENT, Silence(2), EVENT)))
    assert run.reply.body == LONG + EVENT + EVENT
    assert run.reply.moments[-2:] == [0, 2 * SECOND]
    assert (run.reply.end, outcome(run)) == ("finished", "complete")


def test_a_long_stream_breaks_off(provider: Provider) -> None:
    run = provider.stream(Answer((LONG, EVENT, Silence(2), Broken())))
    assert run.reply.body == LONG + EVENT
    assert (run.reply.end, outcome(run)) == ("abandoned", "upstream_broken")


def test_a_client_that_leaves_a_long_stream(provider: Provider) -> None:
    silent = Answer((LONG, EVENT, Silence(HOUR), EVENT))
    run = provider.stream(silent, client=Client(leaves_at=2.2))
    assert_cancelled_within_a_second(run)


def test_a_client_that_takes_a_long_stream_slowly(provider: Provider) -> None:
    body = (LONG, *[b"y" * 10_000] * 20)
    slow = Client(takes=Pace(permit=300_000, pause=1.0))
    run = provider.stream(Answer(body), client=slow)
    assert run.reply.body == b"".join(body)
    assert run.reply.end == "finished"


def test_a_slow_client_that_leaves_while_it_takes_nothing(provider: Provider) -> None:
    client = Client(takes=Pace(limit=5), leaves_at=4.0)
    run = provider.stream(Answer((EVENT, Silence(1)) * 10), client=client)
    assert run.reply.body == EVENT[:5]
    assert_cancelled_within_a_second(run)


def test_a_client_that_is_gone_for_an_error_reply(provider: Provider) -> None:
    refusal = Answer((b"{}",), status=400, headers=JSON, after=1)
    run = provider.stream(refusal, client=Client(leaves_at=0.5))
    assert run.reply.status == 400
    assert run.reply.chunks == []
    assert run.reply.end == "abandoned"
    assert outcome(run) == "client_gone"


def test_a_client_that_is_gone_for_the_routers_own_reply(pair: Proxy) -> None:
    run = pair.handle(target="/nowhere", client=Client(leaves_at=0.0))
    assert run.reply.status == 404
    assert run.reply.end == "abandoned"


def test_a_client_that_leaves_at_the_end(provider: Provider) -> None:
    """It has got everything, but nothing can tell us so."""
    run = provider.stream(Answer((EVENT,)), client=Client(leaves_after_chunks=1))
    assert run.reply.body == EVENT
    assert run.reply.end == "abandoned"
