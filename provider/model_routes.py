"""`GET /v1/models` and `GET /v1/models/{id}`: the upstream's, with what is known."""

from dataclasses import replace
from urllib.parse import unquote

from provider.exchange import exchange
from provider.models import (
    join_list,
    join_model,
    lists_no_models,
    own_list,
    own_model,
)
from provider.requests import client_headers, get
from provider.settings.settings import Settings
from wire import headers
from wire.bodies import read_whole
from wire.errors import UpstreamError, json_reply
from wire.ports import BodyBroken, Host, Pieces, Reply, Request
from wire.request_log import RequestLog

MODELS = "/models"
LIST_LIMIT = 8_388_608
"""Bytes of a list: the longest that are known have one."""


def is_of_models(path: str) -> bool:
    """Tell whether a path below the base URL is one of these."""
    return path.partition("?")[0] == MODELS or path.startswith(f"{MODELS}/")


async def serve_models(
    request: Request, path: str, settings: Settings, host: Host, log: RequestLog
) -> Reply:
    """Ask for a list or for one model, at `path` below the base URL.

    Raises `ProxyError`.
    """
    encoded = path.partition("?")[0].removeprefix(MODELS).removeprefix("/")
    model_id = unquote(encoded)
    passed = headers.without(client_headers(request.headers), "content-length")
    sent = settings.api.request("GET", path, passed, b"", settings.conduct.timeouts)
    reply = await exchange(sent, settings, host, log)
    if isinstance(reply.body, bytes):
        return await _own(reply, model_id, settings, host, log) or reply
    return await _join(reply, model_id, settings.price_table)


async def _join(reply: Reply, model_id: str, table: str) -> Reply:
    assert not isinstance(reply.body, bytes | Pieces)
    try:
        received = await read_whole(reply.body, LIST_LIMIT)
    except BodyBroken as error:
        raise UpstreamError(
            "The upstream broke off its list of models; try again.",
            code="upstream_broken",
        ) from error
    finally:
        reply.body.close()
    if received is None:
        raise UpstreamError(
            f"The upstream's list of models is larger than {LIST_LIMIT} bytes.",
            code="upstream_too_large",
        )
    join = join_model if model_id else join_list
    return replace(reply, body=join(received, table))


async def _own(
    reply: Reply, model_id: str, settings: Settings, host: Host, log: RequestLog
) -> Reply | None:
    """Answer from the table in the place of an upstream that lists no models."""
    assert isinstance(reply.body, bytes)
    table = settings.price_table
    own = own_model(table, model_id) if model_id else own_list(table)
    if own is None or not lists_no_models(reply.status, reply.body):
        return None
    if model_id and await _has_list(settings, host, log):
        # It lists models, and not this one: that is the truth about it.
        return None
    log.code = None
    return json_reply(200, own)


async def _has_list(settings: Settings, host: Host, log: RequestLog) -> bool:
    reply = await exchange(get(settings.api, MODELS, settings), settings, host, log)
    if isinstance(reply.body, bytes):
        return not lists_no_models(reply.status, reply.body)
    assert not isinstance(reply.body, Pieces)
    reply.body.close()
    return True
