"""A prompt in, the model's reply out."""

from openai_component.exchange import exchange
from openai_component.requests import build_request
from openai_component.settings import read_settings
from wire.ports import Host, Reply
from wire.request_log import RequestLog
from wire.settings import read_log_level


async def answer(prompt: str, host: Host, log: RequestLog) -> Reply:
    """Ask the upstream and return what the client is to get, its body still open.

    Raises `ProxyError`.
    """
    settings = read_settings(host.environ)
    log.level = read_log_level(host.environ)
    log.model = settings.model
    return await exchange(build_request(prompt, settings), settings, host, log)
