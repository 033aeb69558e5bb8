"""The routes that a provider serves from its upstream, for the gateway's router."""

from provider.forward import forward
from provider.model_routes import is_of_models, serve_models
from provider.paths import upstream_path
from provider.provider import Provider
from provider.readiness import health_reply, judge, probe
from provider.requests import get
from wire.errors import ConfigurationError
from wire.ports import Body, Host, Reply, Request
from wire.request_log import RequestLog

READY_PATH = "/health/ready"


async def serve(
    request: Request, body: Body, provider: Provider, host: Host, log: RequestLog
) -> Reply:
    """Answer a request that the router has handed on. Raises `ProxyError`."""
    target = request.target.partition("?")[0]
    if target == READY_PATH:
        body.close()
        return await _ready(provider, host, log)
    settings = provider.read_settings(host.environ, log)
    path = upstream_path(request.target, settings.conduct.allowed_paths)
    if request.method == "GET" and is_of_models(path):
        body.close()
        return await serve_models(request, path, settings, host, log)
    return await forward(request, path, body, settings, host, log)


async def _ready(provider: Provider, host: Host, log: RequestLog) -> Reply:
    try:
        settings = provider.read_settings(host.environ, log)
    except ConfigurationError as error:
        return health_reply(judge(error))
    return health_reply(await probe(get(settings.api, "/models", settings), host))
