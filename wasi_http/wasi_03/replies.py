"""Replies, as responses of the host."""

from componentize_py_types import Err
from wasi_http.error_kinds import kind
from wasi_http.wasi_03.bodies import WasiBody
from wasi_http.wasi_03.futures import trailers
from wasi_http.wasi_03.requests import read_headers
from wasi_http.wasi_03.tasks import start
from wasi_http.wasi_03.writing import Outflow, one
from componentize_py_types import Ok
from wire.ports import Headers, Reply
from wire.request_log import RequestLog
from wire.respond import identify
from wit_world.imports.wasi_http_types import Fields, Response


def build_response(reply: Reply, log: RequestLog, *, method: str) -> Response:
    """Build the response for `reply` and see to its log line.

    A body of the upstream's is relayed by the host: the guest sees none of its bytes,
    and so the line has no count of them.
    """
    reply = identify(reply, log, method=method)
    log.status = reply.status
    if isinstance(reply.body, WasiBody):
        return _relay(reply, reply.body, log)
    assert isinstance(reply.body, bytes)
    response = _write(reply, reply.body)
    if reply.body:
        log.chunk(reply.body)
    log.end("complete")
    return response


def with_headers(response: Response, added: Headers) -> Response:
    """Return the response with more headers; its body stays the host's to relay."""
    with response.get_headers() as fields:
        headers = (*read_headers(fields), *added)
    status = response.get_status_code()
    body = WasiBody(response)
    widened, taken = Response.new(
        Fields.from_list(list(headers)), body.stream, body.trailers
    )
    widened.set_status_code(status)

    async def hold() -> None:
        await taken.read()
        body.release()

    start(hold())
    return widened


def _write(reply: Reply, data: bytes) -> Response:
    fields = Fields.from_list(list(reply.headers))
    if not data:
        _, no_trailers = trailers(unless_written=Ok(None))
        response, taken = Response.new(fields, None, no_trailers)
    else:
        outflow = Outflow()
        response, taken = Response.new(fields, outflow.stream, outflow.trailers)
        start(outflow.write(one(data)))
    response.set_status_code(reply.status)
    return response


def _relay(reply: Reply, body: WasiBody, log: RequestLog) -> Response:
    fields = Fields.from_list(list(reply.headers))
    response, taken = Response.new(fields, body.stream, body.trailers)
    response.set_status_code(reply.status)

    async def hold() -> None:
        """Hold all that belongs to the body until the upstream's connection ends."""
        (sent,) = body.held
        ended = await sent.read()
        await taken.read()
        body.release()
        if isinstance(ended, Err):
            log.cause = kind(ended.value)
        log.end("upstream_broken" if isinstance(ended, Err) else "relayed")

    start(hold())
    return response
