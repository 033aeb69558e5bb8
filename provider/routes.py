"""The routes that a provider serves from its upstream, for the gateway's router."""

from provider.chat.answer import answer_chat
from provider.forward import forward
from provider.loops import behind
from provider.model_routes import is_of_models, serve_models
from provider.paths import allow_value, served_methods, upstream_path
from provider.provider import Provider
from provider.readiness import health_reply, judge, probe
from provider.requests import get
from provider.settings.settings import Settings
from wire.errors import ConfigurationError
from wire.ports import Body, Host, Reply, Request
from wire.request_log import RequestLog

API_PREFIX = "/v1/"
CHAT_PATH = "/chat"
READY_PATH = "/health/ready"


def route_name(target: str) -> str:
    """Return the route's path for the log: never the client's text."""
    path = target.partition("?")[0]
    return path if path in (CHAT_PATH, READY_PATH) else API_PREFIX


async def serve(
    request: Request, body: Body, provider: Provider, host: Host, log: RequestLog
) -> Reply:
    """Answer a request that the router has handed on. Raises `ProxyError`."""
    target = request.target.partition("?")[0]
    if target == READY_PATH:
        body.close()
        # By its status alone: the body of an error may take longer than a probe may.
        return await _ready(provider, host, log)
    host = provider.through(host)
    settings = provider.read_settings(host.environ, log)
    settings = behind(settings, request.headers)
    if target == CHAT_PATH:
        return await answer_chat(request, body, settings, host, log)
    if request.method == "OPTIONS":
        body.close()
        return _options(request, settings)
    path = upstream_path(request.method, request.target, settings.conduct.allowed_paths)
    if request.method == "GET" and is_of_models(path):
        body.close()
        return await serve_models(request, path, settings, host, log)
    return await forward(request, path, body, settings, host, log)


def _options(request: Request, settings: Settings) -> Reply:
    methods = served_methods(request.target, settings.conduct.allowed_paths)
    return Reply(204, (("allow", allow_value(methods)),), b"")


async def _ready(provider: Provider, host: Host, log: RequestLog) -> Reply:
    try:
        settings = provider.read_settings(host.environ, log)
    except ConfigurationError as error:
        return health_reply(judge(error))
    return health_reply(await probe(get(settings.api, "/models", settings), host))
