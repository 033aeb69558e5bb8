"""Asking again, before the first byte, on virtual time."""

from email.utils import formatdate

import pytest
from wasmtime.component import Variant

from provider.retry import JITTER
from tests.host.peers import Broken, Silence
from tests.host.runs import KEY, Run
from tests.host.stage import Provider
from tests.host.upstream import JSON, Answer, Failure
from tests.host.wasi.clocks import UNIX_EPOCH_OFFSET

OK = Answer((b"data: 1\n\n",))


def refusal(status: int, **headers: str) -> Answer:
    extra = [
        (name.replace("_", "-"), value.encode()) for name, value in headers.items()
    ]
    return Answer((b"{}",), status, [*JSON, *extra])


def gaps(run: Run) -> list[float]:
    """Return the seconds from each request to the next."""
    times = [asked.at for asked in run.upstream.exchanges]
    return [after - before for before, after in zip(times, times[1:], strict=False)]


def assert_dropped_before_the_next(run: Run) -> None:
    """Check that no reply given up was held while the next was asked for."""
    exchanges = run.upstream.exchanges
    for abandoned, following in zip(exchanges, exchanges[1:], strict=False):
        assert abandoned.answer.dropped_at is not None
        assert abandoned.answer.dropped_at <= following.at * 1e9
        assert abandoned.future_dropped_at is not None


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry_after": "7"}, 7.0),
        ({"retry_after_ms": "1500"}, 1.5),
        ({"retry_after_ms": "250", "retry_after": "9"}, 0.25),
        ({"retry_after": formatdate(UNIX_EPOCH_OFFSET + 20, usegmt=True)}, 20.0),
        ({"retry_after": "0"}, 0.0),
    ],
)
def test_the_upstream_says_how_long_to_wait(
    provider: Provider, headers: dict[str, str], seconds: float
) -> None:
    run = provider.stream(refusal(429, **headers), OK)
    assert gaps(run) == [pytest.approx(seconds, abs=0.01)]
    assert run.reply.status == 200
    assert run.reply.body == b"data: 1\n\n"
    assert run.log[0]["retries"] == 1
    assert_dropped_before_the_next(run)


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 529])
def test_a_refusal_that_may_pass_is_asked_again(
    provider: Provider, status: int
) -> None:
    run = provider.stream(refusal(status), OK)
    assert run.reply.status == 200
    assert 1 - JITTER <= gaps(run)[0] <= 1
    assert_dropped_before_the_next(run)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 422])
def test_a_refusal_that_will_not_pass_is_final(provider: Provider, status: int) -> None:
    run = provider.stream(refusal(status))
    assert run.reply.status == status
    assert run.clock.seconds == 0


def test_waits_grow_and_attempts_end(provider: Provider) -> None:
    run = provider.stream(*[refusal(503)] * 5)
    assert len(run.upstream.exchanges) == 5
    for gap, longest in zip(gaps(run), [1, 2, 4, 8], strict=True):
        assert longest * (1 - JITTER) <= gap <= longest
    assert run.reply.status == 503
    assert run.reply.header("x-should-retry") == b"false"
    assert run.log[0]["retries"] == 4
    assert_dropped_before_the_next(run)


@pytest.mark.parametrize("at_once", [True, False], ids=["handle", "future"])
def test_a_failed_connection_is_tried_again(provider: Provider, at_once: bool) -> None:
    failure = Failure(Variant("connection-refused"), at_once)
    run = provider.stream(failure, failure, OK)
    assert run.reply.status == 200
    assert len(run.upstream.exchanges) == 3


def test_the_upstream_decides_over_the_status(provider: Provider) -> None:
    assert provider.stream(refusal(500, x_should_retry="false")).reply.status == 500
    again = provider.stream(refusal(400, x_should_retry="true"), OK)
    assert again.reply.status == 200


def test_a_wait_that_is_too_long_is_passed_on(provider: Provider) -> None:
    run = provider.stream(refusal(429, retry_after="60"))
    assert run.reply.status == 429
    assert run.reply.header("retry-after") == b"60"
    assert run.clock.seconds == 0


def test_the_total_timeout_ends_the_attempts(provider: Provider) -> None:
    slow = Answer((b"{}",), 503, JSON, after=3)
    environ = {"OPENAI_API_KEY": KEY, "PROXY_TOTAL_TIMEOUT_MS": "5000"}
    run = provider.stream(slow, slow, environ=environ)
    assert len(run.upstream.exchanges) == 2
    second = run.upstream.exchanges[1]
    assert second.timeouts["first-byte"] == pytest.approx((5 - second.at) * 1e9)
    assert run.reply.status == 504
    assert run.clock.seconds == pytest.approx(5)


def test_a_host_that_bounds_nothing_is_bounded(provider: Provider) -> None:
    """The first-byte timeout is the host's to keep; this one has none."""
    never = Answer((b"{}",), after=3600)
    environ = {
        "OPENAI_API_KEY": KEY,
        "PROXY_CONNECT_TIMEOUT_MS": "1000",
        "PROXY_FIRST_BYTE_TIMEOUT_MS": "2000",
        "PROXY_MAX_RETRIES": "0",
    }
    run = provider.stream(never, environ=environ)
    assert run.reply.status == 504
    assert run.clock.seconds == pytest.approx(3)


def test_no_retries_when_there_are_to_be_none(provider: Provider) -> None:
    environ = {"OPENAI_API_KEY": KEY, "PROXY_MAX_RETRIES": "0"}
    run = provider.stream(refusal(503), environ=environ)
    assert run.reply.status == 503
    assert run.reply.header("x-should-retry") is None


def test_nothing_is_asked_again_once_the_head_is_there(provider: Provider) -> None:
    run = provider.stream(Answer((Silence(1), Broken())))
    assert run.reply.end == "abandoned"
    assert len(run.upstream.exchanges) == 1
