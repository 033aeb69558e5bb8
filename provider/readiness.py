"""Whether the upstream answers: GET /health/ready.

The upstream is asked for its models, which costs nothing and needs the key. As some
upstreams list no models, an answer that there is no such route will do; any other
refusal will not, as nothing in this request can be wrong but the key and the settings.
"""

from dataclasses import dataclass, replace
from typing import Literal

from provider.attempts import send_with_retries
from provider.compact_json import encode_json
from provider.models import NO_ROUTE_STATUSES
from provider.retry import RetryPolicy
from wire.errors import ConfigurationError, json_reply, transport_error
from wire.ports import Host, Reply, TransportError, UpstreamRequest

Status = Literal["healthy", "degraded", "unhealthy"]
Outcome = int | TransportError | ConfigurationError
"""The upstream's status, or why there is none."""

READY_SECONDS = 5.0
"""The most that a probe may take, all in all."""
CONNECT_SECONDS = 1.0
SLOW_SECONDS = 1.0
REFUSED_STATUSES = frozenset({401, 403})
RATE_LIMITED = 429
ANSWERED_STATUSES = NO_ROUTE_STATUSES | {RATE_LIMITED}
"""Errors that nevertheless show an upstream which works."""
NOT_IMPLEMENTED = 501

# Some hosts bound the connection and the wait for the head one by one, so the last
# attempt may end that much later than the policy has it.
_TOTAL = READY_SECONDS - CONNECT_SECONDS
_POLICY = RetryPolicy(
    max_retries=1, initial_delay=0.2, multiplier=1, max_delay=0.2, total=_TOTAL
)


@dataclass(frozen=True, slots=True)
class Health:
    """How the upstream is, and why if there is anything to say."""

    status: Status
    reason: str | None
    latency_ms: float


async def probe(request: UpstreamRequest, host: Host) -> Health:
    """Send `request`, for the upstream's models, and judge what comes back.

    Takes `READY_SECONDS` at most, with one retry; the reply's body is not read.
    """
    start = host.clock.now()
    attempted = await send_with_retries(_shorten(request), _POLICY, host)
    seconds = host.clock.now() - start
    outcome = attempted.outcome
    if isinstance(outcome, TransportError):
        return judge(outcome, retries=attempted.retries, seconds=seconds)
    outcome.body.close()
    return judge(outcome.status, retries=attempted.retries, seconds=seconds)


def judge(outcome: Outcome, *, retries: int = 0, seconds: float = 0.0) -> Health:
    """Say how the upstream is after `outcome`, which took `retries` and `seconds`.

    A `ConfigurationError` is an outcome too: then nothing could be asked.
    """
    milliseconds = round(seconds * 1000, 1)
    if not isinstance(outcome, int):
        return Health("unhealthy", _no_answer(outcome), milliseconds)
    if refusal := _refusal(outcome):
        return Health("unhealthy", refusal, milliseconds)
    if strain := _strain(outcome, retries, seconds):
        return Health("degraded", strain, milliseconds)
    return Health("healthy", _remark(outcome), milliseconds)


def health_reply(health: Health) -> Reply:
    """Build the reply: 200, or 503 for an upstream that cannot be used."""
    body = {
        "status": health.status,
        "reason": health.reason,
        "latency_ms": health.latency_ms,
    }
    status = 503 if health.status == "unhealthy" else 200
    return json_reply(status, encode_json(body))


def _shorten(request: UpstreamRequest) -> UpstreamRequest:
    timeouts = replace(
        request.timeouts,
        connect=min(request.timeouts.connect, CONNECT_SECONDS),
        first_byte=min(request.timeouts.first_byte, _TOTAL),
        head=min(request.timeouts.head, _TOTAL),
    )
    return replace(request, timeouts=timeouts)


def _no_answer(failure: TransportError | ConfigurationError) -> str:
    if isinstance(failure, ConfigurationError):
        return failure.message
    return transport_error(failure).message


def _refusal(status: int) -> str | None:
    if status in REFUSED_STATUSES:
        return f"The upstream refuses the key (status {status})."
    if 300 <= status <= 399:
        return f"The upstream redirects (status {status}); check the base URL."
    if 400 <= status <= 499 and status not in ANSWERED_STATUSES:
        # Gemini's word for a wrong key is 400.
        return (
            f"The upstream refuses a mere request for its models (status {status}); "
            "check the key and the settings."
        )
    if status >= 500 and status != NOT_IMPLEMENTED:
        return f"The upstream fails (status {status})."
    return None


def _strain(status: int, retries: int, seconds: float) -> str | None:
    if status == RATE_LIMITED:
        return f"The upstream limits the rate of requests (status {status})."
    # This status is final, and nevertheless retried as all of its hundred are.
    if retries and status != NOT_IMPLEMENTED:
        return "The upstream answered only after a retry."
    if seconds > SLOW_SECONDS:
        return f"The upstream took longer than {SLOW_SECONDS:g} s."
    return None


def _remark(status: int) -> str | None:
    if status in NO_ROUTE_STATUSES:
        return "The upstream answers, but lists no models."
    return None
