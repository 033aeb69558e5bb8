"""Asking the upstream until it answers or the policy's budget is used up."""

from dataclasses import dataclass, replace

from provider.retry import (
    RetryPolicy,
    retry_after,
    status_is_retried,
    transport_error_is_retried,
)
from wire.errors import incomplete
from wire.headers import find, without
from wire.ports import (
    WRONG_LENGTH,
    Clock,
    Host,
    TransportError,
    UpstreamRequest,
    UpstreamResponse,
)

LENGTH = "content-length"


@dataclass(frozen=True, slots=True)
class Attempted:
    """The last attempt's outcome, and how it came to be the last."""

    outcome: UpstreamResponse | TransportError
    retries: int
    exhausted: bool
    """The outcome asked for one more attempt, and some had been made already."""


async def send_with_retries(
    request: UpstreamRequest, policy: RetryPolicy, host: Host
) -> Attempted:
    """Send `request` until a reply is final, for at most `policy.total` seconds.

    Retries end when a reply's head is taken: what follows it is never repeated. How
    long a client takes to send its body is not counted.

    Raises `InvalidRequest` when the client breaks off.
    """
    deadline = host.clock.now() - _awaited(request) + policy.total
    retries = 0
    while True:
        outcome = await _attempt(request, host, deadline)
        if _can_leave_length_out(request, outcome):
            # The client sent chunks, so that nothing has to be said.
            request = replace(request, headers=without(request.headers, LENGTH))
            continue
        if not (_is_retried(outcome) and _is_repeatable(request)):
            return Attempted(outcome, retries, exhausted=False)
        asked = _asked_delay(outcome, host.clock)
        if asked is not None and asked > policy.max_delay:
            # The client can wait that long better than we can.
            return Attempted(outcome, retries, exhausted=False)
        delay = policy.backoff(retries, host.random()) if asked is None else asked
        if retries == policy.max_retries or _left(request, host, deadline) <= delay:
            return Attempted(outcome, retries, exhausted=retries > 0)
        if isinstance(outcome, UpstreamResponse):
            outcome.body.close()
        await host.clock.sleep(delay)
        retries += 1


def _left(request: UpstreamRequest, host: Host, deadline: float) -> float:
    return deadline + _awaited(request) - host.clock.now()


def _awaited(request: UpstreamRequest) -> float:
    """Return how long the client has been waited for."""
    return 0.0 if isinstance(request.body, bytes) else request.body.awaited


async def _attempt(
    request: UpstreamRequest, host: Host, deadline: float
) -> UpstreamResponse | TransportError:
    remaining = max(_left(request, host, deadline), 0.001)
    timeouts = replace(
        request.timeouts,
        connect=min(request.timeouts.connect, remaining),
        first_byte=min(request.timeouts.first_byte, remaining),
        head=min(request.timeouts.head, remaining),
    )
    try:
        return await host.upstream.send(replace(request, timeouts=timeouts))
    except TransportError as error:
        if _is_misdeclared(request):
            # Hosts have several words for a body that stops short.
            return TransportError(WRONG_LENGTH)
        if not isinstance(request.body, bytes) and request.body.failure:
            kind = request.body.failure
            raise incomplete(kind, "request", code="incomplete_request") from None
        # Without the frames that it came by, and what was held for the request there.
        return error.with_traceback(None)


def _can_leave_length_out(
    request: UpstreamRequest, outcome: UpstreamResponse | TransportError
) -> bool:
    """Tell whether an attempt failed by its length, and another can go without.

    Hosts lose a body of these methods that has no length.
    """
    if not (isinstance(outcome, TransportError) and _is_misdeclared(request)):
        return False
    return _is_repeatable(request) and request.method not in ("GET", "HEAD")


def _is_misdeclared(request: UpstreamRequest) -> bool:
    body = request.body
    declares = find(request.headers, LENGTH) is not None
    return declares and not isinstance(body, bytes) and body.is_misdeclared


def _is_retried(outcome: UpstreamResponse | TransportError) -> bool:
    if isinstance(outcome, TransportError):
        return transport_error_is_retried(outcome)
    return status_is_retried(outcome.status, outcome.headers)


def _is_repeatable(request: UpstreamRequest) -> bool:
    """Tell whether the request can be sent again: not if its body is gone by."""
    body = request.body
    return isinstance(body, bytes) or body.is_repeatable


def _asked_delay(
    outcome: UpstreamResponse | TransportError, clock: Clock
) -> float | None:
    if isinstance(outcome, TransportError):
        return None
    return retry_after(outcome.headers, clock.unix_time())
