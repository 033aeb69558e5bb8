"""The routes that a provider serves from its upstream, for the gateway's router."""

from provider.forward import forward
from provider.provider import Provider
from wire.ports import Body, Host, Reply, Request
from wire.request_log import RequestLog


async def serve(
    request: Request, body: Body, provider: Provider, host: Host, log: RequestLog
) -> Reply:
    """Answer a request that the router has handed on. Raises `ProxyError`."""
    settings = provider.read_settings(host.environ, log)
    return await forward(request, body, settings, host, log)
