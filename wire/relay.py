"""Sending a reply: each chunk as it comes, no faster than the client takes it."""

from wire.ports import Body, BodyBroken, ClientGone, Pieces, Reply, Responder, Sink
from wire.request_log import RequestLog

CLIENT_CHECK_SECONDS = 0.5
"""How often to look for a client that has gone while the upstream is silent: often
enough to cancel within a second, seldom enough to cost nothing."""
COPIED_LIMIT = 1_048_576
"""Bytes of a stream that pass through the guest, where their end can be read for token
counts. What follows is moved by the host: componentize-py frees what a guest writes
only with the instance, so that memory would grow with the stream."""


async def send_reply(reply: Reply, responder: Responder, log: RequestLog) -> None:
    """Send `reply` and write the request's log line, whatever becomes of it.

    A body that breaks off becomes a broken transfer for the client, never a clean
    end. A client that has gone closes the upstream's body.
    """
    body = reply.body
    assert not isinstance(body, Pieces), "only WASI 0.3 sends pieces"
    log.status = reply.status
    sink = None
    outcome = "abandoned"
    try:
        sink = responder.start(reply.status, reply.headers)
        outcome = await _send_body(body, sink, log)
    finally:
        if sink and outcome != "complete":
            sink.abandon()
        if not isinstance(body, bytes):
            body.close()
        log.end(outcome)


async def _send_body(body: bytes | Body, sink: Sink, log: RequestLog) -> str:
    try:
        if isinstance(body, bytes):
            await _send_whole(body, sink, log)
        else:
            await _relay(body, sink, log)
        await sink.finish()
    except ClientGone:
        # Where no body may come, as for HEAD and 204, hosts take none from us either.
        return "client_gone" if body else "complete"
    except BodyBroken as error:
        log.cause = error.kind
        return "upstream_broken"
    return "complete"


async def _send_whole(body: bytes, sink: Sink, log: RequestLog) -> None:
    if body:
        await sink.write(body)
        log.chunk(body)


async def _relay(body: Body, sink: Sink, log: RequestLog) -> None:
    copied = 0
    while copied < COPIED_LIMIT:
        chunk = await body.read_within(CLIENT_CHECK_SECONDS)
        if chunk is None:
            sink.check()
        elif chunk:
            await sink.write(chunk)
            log.chunk(chunk)
            copied += len(chunk)
        else:
            return
    await _splice(body, sink, log)


async def _splice(body: Body, sink: Sink, log: RequestLog) -> None:
    while True:
        moved = await sink.splice(body, CLIENT_CHECK_SECONDS)
        if moved is None:
            sink.check()
        elif moved:
            log.moved(moved)
        else:
            return
