import pytest
from hypothesis import given
from hypothesis import strategies as st

from provider.retry import (
    DELAY_LIMIT,
    RetryPolicy,
    retry_after,
    status_is_retried,
    transport_error_is_retried,
)
from wire.ports import Headers, TransportError

POLICY = RetryPolicy(
    max_retries=4, initial_delay=1, multiplier=2, max_delay=30, total=120
)


def headers(**values: str) -> Headers:
    return tuple((k.replace("_", "-"), v.encode()) for k, v in values.items())


def test_backoff_doubles_up_to_the_cap() -> None:
    assert [POLICY.backoff(n, 0) for n in range(7)] == [1, 2, 4, 8, 16, 30, 30]


@given(st.integers(0, 10), st.floats(0, 1, exclude_max=True))
def test_jitter_takes_at_most_a_quarter(retries: int, chance: float) -> None:
    full = POLICY.backoff(retries, 0)
    assert full * 0.75 <= POLICY.backoff(retries, chance) <= full


def test_a_delay_that_is_too_long_to_read_is_none() -> None:
    for name in ("retry_after", "retry_after_ms"):
        assert retry_after(headers(**{name: "1".zfill(DELAY_LIMIT)}), 0)
        assert retry_after(headers(**{name: "1".zfill(DELAY_LIMIT + 1)}), 0) is None


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 504, 529])
def test_retries_what_may_pass(status: int) -> None:
    assert status_is_retried(status, ())


@pytest.mark.parametrize("status", [200, 302, 400, 401, 403, 404, 413, 422])
def test_leaves_what_will_not_change(status: int) -> None:
    assert not status_is_retried(status, ())


def test_x_should_retry_overrides_the_status() -> None:
    assert status_is_retried(400, headers(x_should_retry="true"))
    assert not status_is_retried(503, headers(x_should_retry="false"))
    assert status_is_retried(503, headers(x_should_retry="perhaps"))


@pytest.mark.parametrize("status", [200, 201, 204])
def test_what_succeeded_is_not_asked_for_again(status: int) -> None:
    """It has been paid for."""
    assert not status_is_retried(status, headers(x_should_retry="true"))


@pytest.mark.parametrize("kind", ["connection-refused", "dns-error", "dns-timeout"])
def test_retries_transport_errors(kind: str) -> None:
    assert transport_error_is_retried(TransportError(kind))


@pytest.mark.parametrize("kind", ["http-request-denied", "tls-protocol-error"])
def test_leaves_transport_errors_that_stay(kind: str) -> None:
    assert not transport_error_is_retried(TransportError(kind))


@pytest.mark.parametrize(
    ("sent", "seconds"),
    [
        ({}, None),
        ({"retry_after_ms": "250"}, 0.25),
        ({"retry_after_ms": "250", "retry_after": "9"}, 0.25),
        ({"retry_after_ms": "soon", "retry_after": "9"}, 9),
        ({"retry_after": "0"}, 0),
        ({"retry_after": "1.5"}, 1.5),
        ({"retry_after": "-3"}, None),
        ({"retry_after": "nan"}, None),
        ({"retry_after": "inf"}, None),
        ({"retry_after": "Fri, 31 Dec 1999 23:59:59 GMT"}, 0),
        ({"retry_after": "Tue, 14 Nov 2023 22:13:50 GMT"}, 30),
        ({"retry_after": "later"}, None),
        ({"retry_after": "Tue, 99 Nov 2023 22:13:50 GMT"}, None),
    ],
)
def test_reads_the_wait_asked_for(sent: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers(**sent), unix_time=1_700_000_000) == seconds
