import json
from dataclasses import replace

import pytest

from provider.readiness import (
    CONNECT_SECONDS,
    READY_SECONDS,
    SLOW_SECONDS,
    Health,
    health_reply,
    judge,
    probe,
)
from tests.unit.fakes import Outcome, ScriptedBody, host, response, run
from wire.errors import ConfigurationError
from wire.ports import Timeouts, TransportError, UpstreamRequest

REQUEST = UpstreamRequest(
    "GET",
    "https",
    "api.example",
    "/v1/models",
    (("authorization", b"Bearer key"),),
    b"",
    Timeouts(10, 120, 300, 130),
)
REFUSED = TransportError("connection-refused")


@pytest.mark.parametrize("status", [200, 204, 404, 405, 501])
def test_an_answer_is_healthy(status: int) -> None:
    health = judge(status, seconds=0.0312)
    assert (health.status, health.latency_ms) == ("healthy", 31.2)


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (200, None),
        (204, None),
        (404, "The upstream answers, but lists no models."),
        (405, "The upstream answers, but lists no models."),
        (501, "The upstream answers, but lists no models."),
    ],
)
def test_only_a_lack_of_models_is_remarked_on(status: int, reason: str | None) -> None:
    assert judge(status) == Health("healthy", reason, 0.0)


def test_a_status_that_is_retried_in_vain_is_no_sign_of_strain() -> None:
    assert judge(501, retries=1).status == "healthy"


@pytest.mark.parametrize(
    ("status", "retries", "seconds", "reason"),
    [
        (429, 0, 0.1, "limits the rate"),
        (429, 1, 2.0, "limits the rate"),
        (200, 1, 2.0, "only after a retry"),
        (404, 1, 0.3, "only after a retry"),
        (200, 0, SLOW_SECONDS + 0.001, "longer than 1 s"),
        (404, 0, 2.0, "longer than 1 s"),
        (501, 1, 2.0, "longer than 1 s"),
    ],
)
def test_strain_is_degraded(
    status: int, retries: int, seconds: float, reason: str
) -> None:
    health = judge(status, retries=retries, seconds=seconds)
    assert health.status == "degraded"
    assert reason in (health.reason or "")


def test_a_second_is_not_slow() -> None:
    assert judge(200, seconds=SLOW_SECONDS).status == "healthy"


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (401, "The upstream refuses the key (status 401)."),
        (403, "The upstream refuses the key (status 403)."),
        (302, "The upstream redirects (status 302); check the base URL."),
        (500, "The upstream fails (status 500)."),
        (503, "The upstream fails (status 503)."),
    ],
)
def test_a_refusal_is_unhealthy(status: int, reason: str) -> None:
    for retries, seconds in ((0, 0.0), (1, 3.0)):
        health = judge(status, retries=retries, seconds=seconds)
        assert health == Health("unhealthy", reason, seconds * 1000)


@pytest.mark.parametrize("status", [400, 402, 406, 408, 422, 451])
def test_so_is_one_that_nothing_but_key_and_settings_can_cause(status: int) -> None:
    """Gemini's status for a wrong key is 400."""
    health = judge(status)
    assert health.status == "unhealthy"
    assert f"(status {status})" in (health.reason or "")
    assert "check the key and the settings" in (health.reason or "")


def test_no_answer_is_unhealthy() -> None:
    health = judge(REFUSED, retries=1, seconds=0.2)
    assert health.status == "unhealthy"
    assert "refused the connection" in (health.reason or "")


def test_settings_that_cannot_be_used_are_unhealthy() -> None:
    error = ConfigurationError("Set THE_KEY.", code="missing_api_key")
    assert judge(error) == Health("unhealthy", "Set THE_KEY.", 0.0)


@pytest.mark.parametrize(
    ("status", "expected"), [("healthy", 200), ("degraded", 200), ("unhealthy", 503)]
)
def test_the_reply_says_it_in_status_and_body(status: str, expected: int) -> None:
    for reason in (None, "Why."):
        health = Health(status, reason, 1.5)  # type: ignore[arg-type]
        reply = health_reply(health)
        assert reply.status == expected
        assert ("content-type", b"application/json") in reply.headers
        assert ("cache-control", b"no-store") in reply.headers
        assert isinstance(reply.body, bytes)
        assert json.loads(reply.body) == {
            "status": status,
            "reason": reason,
            "latency_ms": 1.5,
        }


def test_an_upstream_that_answers_is_asked_once_and_not_read() -> None:
    body = ScriptedBody(b"{}")
    given, upstream, _ = host(replace(response(200), body=body), seconds=0.05)
    assert run(probe(REQUEST, given)) == Health("healthy", None, 50.0)
    assert (body.closed, body.reads) == (1, 0)
    (request,) = upstream.requests
    assert replace(request, timeouts=REQUEST.timeouts) == REQUEST


@pytest.mark.parametrize(
    ("outcomes", "status"),
    [
        ((REFUSED, response(200)), "degraded"),
        ((response(503), response(200)), "degraded"),
        ((response(429), response(429)), "degraded"),
        ((response(503), response(503)), "unhealthy"),
        ((REFUSED, REFUSED), "unhealthy"),
    ],
)
def test_there_is_one_retry(outcomes: tuple[Outcome, ...], status: str) -> None:
    given, upstream, clock = host(*outcomes)
    health = run(probe(REQUEST, given))
    assert (health.status, health.latency_ms) == (status, 200.0)
    assert len(upstream.requests) == 2
    assert clock.slept == [pytest.approx(0.2)]


def test_a_wait_that_the_upstream_asks_for_is_not_waited() -> None:
    given, _, clock = host(response(429, retry_after="1"))
    assert run(probe(REQUEST, given)).status == "degraded"
    assert clock.slept == []


@pytest.mark.parametrize("first", [0.0, 0.5, 1.0, 2.0, 3.0, 3.7])
def test_all_attempts_fit_in_the_bound(first: float) -> None:
    """Also where a host bounds the connection and the head one after the other."""
    given, upstream, _ = host(REFUSED, REFUSED, seconds=first)
    run(probe(REQUEST, given))
    begun = [0.0, first + 0.2]
    assert len(upstream.requests) == 2
    for start, request in zip(begun, upstream.requests, strict=True):
        timeouts = request.timeouts
        assert timeouts.connect <= CONNECT_SECONDS
        assert start + timeouts.connect + timeouts.first_byte <= READY_SECONDS + 1e-9
        assert start + timeouts.head <= READY_SECONDS


def test_an_attempt_that_took_its_time_is_the_last() -> None:
    given, upstream, _ = host(TransportError("connection-read-timeout"), seconds=4.0)
    health = run(probe(REQUEST, given))
    assert health.status == "unhealthy"
    assert "did not answer in time" in (health.reason or "")
    assert len(upstream.requests) == 1


def test_shorter_timeouts_of_the_operator_stay() -> None:
    given, upstream, _ = host(response(200))
    timeouts = Timeouts(0.1, 0.2, 0.3, 0.4)
    run(probe(replace(REQUEST, timeouts=timeouts), given))
    assert upstream.requests[0].timeouts == timeouts
