import pytest

from provider.attempts import Attempted, send_with_retries
from provider.retry import RetryPolicy
from tests.unit.fakes import Outcome, ScriptedBody, VirtualClock, host, response, run
from wire.ports import Timeouts, TransportError, UpstreamRequest, UpstreamResponse

POLICY = RetryPolicy(
    max_retries=4, initial_delay=1, multiplier=2, max_delay=30, total=120
)
OFF = RetryPolicy(0, 1, 2, 30, 120)
REQUEST = UpstreamRequest(
    "POST",
    "https",
    "api.example",
    "/v1/responses",
    (),
    b"{}",
    Timeouts(10, 120, 300, 120),
)


def attempt(
    *outcomes: Outcome, policy: RetryPolicy = POLICY, seconds: float = 0.0
) -> tuple[Attempted, list[UpstreamRequest], VirtualClock]:
    """Send with retries; return the result, the requests made, and the clock."""
    given, upstream, clock = host(*outcomes, seconds=seconds)
    return (
        run(send_with_retries(REQUEST, policy, given)),
        upstream.requests,
        clock,
    )


def closed(outcome: UpstreamResponse) -> int:
    assert isinstance(outcome.body, ScriptedBody)
    return outcome.body.closed


def test_takes_a_success_at_once() -> None:
    good = response(200)
    result, requests, clock = attempt(good)
    assert result == Attempted(good, retries=0, exhausted=False)
    assert (requests, clock.slept) == ([REQUEST], [])


def test_retries_until_success_and_drops_what_failed() -> None:
    bad, good = response(503), response(200)
    result, requests, clock = attempt(bad, TransportError("dns-timeout"), good)
    assert result == Attempted(good, retries=2, exhausted=False)
    assert len(requests) == 3
    assert clock.slept == [1, 2]
    assert (closed(bad), closed(good)) == (1, 0)


def test_waits_as_long_as_the_upstream_asks() -> None:
    result, _, clock = attempt(response(429, retry_after="17"), response(200))
    assert clock.slept == [17]
    assert result.retries == 1


def test_gives_up_when_the_retries_are_used_up() -> None:
    last = response(503)
    result, requests, clock = attempt(*[response(503)] * 4, last)
    assert result == Attempted(last, retries=4, exhausted=True)
    assert (len(requests), clock.slept) == (5, [1, 2, 4, 8])
    assert closed(last) == 0


def test_says_nothing_of_exhaustion_when_retries_are_off() -> None:
    result, requests, _ = attempt(response(503), policy=OFF)
    assert (result.exhausted, len(requests)) == (False, 1)


def test_passes_a_wait_over_the_cap_on_at_once() -> None:
    busy = response(429, retry_after="31")
    result, requests, clock = attempt(busy)
    assert result == Attempted(busy, retries=0, exhausted=False)
    assert (len(requests), clock.slept) == (1, [])


def test_gives_up_when_the_time_is_used_up() -> None:
    result, requests, clock = attempt(*[response(503)] * 9, seconds=39.0)
    assert [request.timeouts.first_byte for request in requests] == [120, 80, 39]
    assert clock.slept == [1, 2]
    assert result.exhausted
    assert isinstance(result.outcome, UpstreamResponse)


@pytest.mark.parametrize("total", [5.0, 90.0])
def test_no_attempt_may_outlast_the_total(total: float) -> None:
    policy = RetryPolicy(4, 1, 2, 30, total)
    _, requests, _ = attempt(response(200), policy=policy)
    assert requests[0].timeouts == Timeouts(min(10, total), total, 300, total)


def test_leaves_an_error_that_stays() -> None:
    denied = TransportError("http-request-denied")
    result, requests, _ = attempt(denied)
    assert result == Attempted(denied, retries=0, exhausted=False)
    assert len(requests) == 1


def test_a_failed_attempt_holds_none_of_its_frames() -> None:
    """What a frame holds would live as long: a connection, a request's body."""
    result, _, _ = attempt(TransportError("connection-terminated"), policy=OFF)
    assert isinstance(result.outcome, TransportError)
    assert result.outcome.__traceback__ is None
