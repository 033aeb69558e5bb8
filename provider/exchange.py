"""One exchange with the upstream, with its retries, and what the client gets of it."""

from provider.attempts import Attempted, send_with_retries
from provider.settings.settings import Settings
from provider.upstream_replies import NO_RETRY, stream_reply, upstream_error_reply
from wire.errors import InvalidRequest, error_reply, transport_error
from wire.ports import (
    WRONG_LENGTH,
    Host,
    Reply,
    TransportError,
    UpstreamRequest,
    UpstreamResponse,
)
from wire.request_log import RequestLog


async def exchange(
    request: UpstreamRequest, settings: Settings, host: Host, log: RequestLog
) -> Reply:
    """Send `request` and return what the client is to get, its body still open.

    Raises `ProxyError`.
    """
    attempted = await send_with_retries(request, settings.conduct.retry_policy, host)
    log.retries = attempted.retries
    if isinstance(attempted.outcome, TransportError):
        return _no_reply(attempted.outcome, attempted, log)
    return await _reply(attempted.outcome, attempted, host, settings.secrets)


def _no_reply(failure: TransportError, attempted: Attempted, log: RequestLog) -> Reply:
    if failure.kind == WRONG_LENGTH:
        raise InvalidRequest(
            "The request's body is not as long as its content-length says; send it "
            "with the right one.",
            code="incomplete_request",
        )
    error = transport_error(failure)
    log.code, log.cause = error.code, failure.kind
    return error_reply(error, (NO_RETRY,) if attempted.exhausted else ())


async def _reply(
    response: UpstreamResponse,
    attempted: Attempted,
    host: Host,
    secrets: tuple[str, ...],
) -> Reply:
    if 200 <= response.status <= 299:
        return stream_reply(response, secrets)
    return await upstream_error_reply(
        response, host.clock, exhausted=attempted.exhausted, secrets=secrets
    )
