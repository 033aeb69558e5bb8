"""One exchange with the upstream, with its retries, and what the client gets of it."""

from provider.attempts import Attempted, send_with_retries
from provider.settings.settings import Settings
from provider.upstream_replies import NO_RETRY, stream_reply, upstream_error_reply
from wire.errors import InvalidRequest, error_reply, transport_error
from wire.ports import (
    WRONG_LENGTH,
    Headers,
    Host,
    Reply,
    TransportError,
    UpstreamRequest,
)
from wire.request_log import RequestLog


async def exchange(
    request: UpstreamRequest,
    settings: Settings,
    host: Host,
    log: RequestLog,
    *,
    asked: Headers = (),
) -> Reply:
    """Send `request` and return what the client is to get, its body still open.

    `asked` are the headers of a client that gets the body as it is. Raises
    `ProxyError`.
    """
    attempted = await send_with_retries(request, settings.conduct.retry_policy, host)
    log.retries = attempted.retries
    if isinstance(attempted.outcome, TransportError):
        _check_length(request, attempted.outcome)
        return _no_reply(attempted.outcome, attempted, log)
    outcome, secrets = attempted.outcome, settings.secrets
    if 200 <= outcome.status <= 299:
        return stream_reply(outcome, secrets, asked=asked)
    return await upstream_error_reply(
        outcome, host.clock, exhausted=attempted.exhausted, secrets=secrets
    )


def _check_length(request: UpstreamRequest, failure: TransportError) -> None:
    """Tell a client that its body has another length; our own bodies never have."""
    if failure.kind == WRONG_LENGTH and not isinstance(request.body, bytes):
        raise InvalidRequest(
            "The request's body is not as long as its content-length says; send it "
            "with the right one.",
            code="incomplete_request",
        )


def _no_reply(failure: TransportError, attempted: Attempted, log: RequestLog) -> Reply:
    error = transport_error(failure)
    log.code, log.cause = error.code, failure.kind
    return error_reply(error, (NO_RETRY,) if attempted.exhausted else ())
