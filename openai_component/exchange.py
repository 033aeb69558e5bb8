"""One exchange with the upstream, with its retries, and what the client gets of it."""

from openai_component.settings import Settings
from wire.attempts import Attempted, send_with_retries
from wire.errors import error_reply, transport_error
from wire.ports import Host, Reply, TransportError, UpstreamRequest, UpstreamResponse
from wire.request_log import RequestLog
from wire.upstream_replies import NO_RETRY, stream_reply, upstream_error_reply


async def exchange(
    request: UpstreamRequest, settings: Settings, host: Host, log: RequestLog
) -> Reply:
    """Send `request` and return what the client is to get, its body still open.

    Raises `ProxyError`.
    """
    attempted = await send_with_retries(request, settings.retry_policy, host)
    log.retries = attempted.retries
    if isinstance(attempted.outcome, TransportError):
        return _no_reply(attempted.outcome, attempted, log)
    return await _reply(attempted.outcome, attempted, host, settings.api_key)


def _no_reply(failure: TransportError, attempted: Attempted, log: RequestLog) -> Reply:
    error = transport_error(failure)
    log.code, log.cause = error.code, failure.kind
    return error_reply(error, (NO_RETRY,) if attempted.exhausted else ())


async def _reply(
    response: UpstreamResponse, attempted: Attempted, host: Host, api_key: str
) -> Reply:
    if 200 <= response.status <= 299:
        return stream_reply(response)
    return await upstream_error_reply(
        response, host.clock, exhausted=attempted.exhausted, secrets=(api_key,)
    )
