"""From a request to its reply, whatever happens on the way: nothing escapes.

An exception that left a component would trap it. Before the head is sent the client
would get an empty 500; after it, worse, a stream that seems to end well.
"""

import re
import traceback
from collections.abc import Awaitable
from dataclasses import replace
from pathlib import PurePath
from typing import TypeVar

from wire import headers
from wire.errors import ProxyError, error_reply, internal_error
from wire.ports import Pieces, Reply, Responder
from wire.relay import send_reply
from wire.request_log import RequestLog

Answer = TypeVar("Answer")
REQUEST_ID = "x-request-id"
REQUEST_ID_LIMIT = 128
"""Characters of an upstream's id: a longer one is no id, and would fill the log."""
# It goes into a log: words, and signs that mean nothing there.
_ID = re.compile(rf"[\w.:-]{{1,{REQUEST_ID_LIMIT}}}", re.ASCII)


async def settle(answer: Awaitable[Answer], log: RequestLog) -> Answer | Reply:
    """Return what `answer` gives, or a reply that tells of the error it raises."""
    try:
        return await answer
    except ProxyError as error:
        log.code = error.code
        return error_reply(error)
    except Exception as defect:
        log.code, log.cause = "internal_error", place(defect)
        return error_reply(internal_error())


async def deliver(
    reply: Reply, responder: Responder, log: RequestLog, *, method: str = "GET"
) -> None:
    """Send `reply` and write the request's log line."""
    try:
        await send_reply(identify(reply, log, method=method), responder, log)
    except Exception as defect:
        log.defect(place(defect))


def identify(reply: Reply, log: RequestLog, *, method: str = "GET") -> Reply:
    """Give `reply` one request id: the upstream's if it is one, or else the log's own.

    The reply to a HEAD has no body.
    See: https://www.rfc-editor.org/rfc/rfc9110#name-head
    """
    if method == "HEAD":
        if not isinstance(reply.body, bytes | Pieces):
            reply.body.close()
        reply = replace(reply, body=b"")
    upstream_id = headers.find(reply.headers, REQUEST_ID) or ""
    if _ID.fullmatch(upstream_id):
        log.request_id = upstream_id
    told = (REQUEST_ID, log.request_id.encode())
    return replace(reply, headers=(*headers.without(reply.headers, REQUEST_ID), told))


def place(defect: Exception) -> str:
    """Say which exception rose where; its message may hold what no log may."""
    frames = traceback.extract_tb(defect.__traceback__)
    where = [f"{PurePath(frame.filename).name}:{frame.lineno}" for frame in frames[-1:]]
    return " at ".join([type(defect).__name__, *where])
