"""A prompt in, the model's reply out."""

from provider.exchange import exchange
from provider.provider import Provider
from wire.ports import Host, Reply
from wire.request_log import RequestLog


async def answer(prompt: str, provider: Provider, host: Host, log: RequestLog) -> Reply:
    """Ask the upstream and return what the client is to get, its body still open.

    Raises `ProxyError`.
    """
    settings = provider.read_settings(host.environ, log)
    log.model = settings.model
    request = provider.build_prompt(prompt, settings)
    return await exchange(request, settings, provider.through(host), log)
