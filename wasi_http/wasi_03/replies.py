"""Replies, as responses of the host."""

from componentize_py_async_support.futures import FutureReader
from componentize_py_types import Err, Ok
from wit_world.imports.wasi_http_types import Fields, Response

from wasi_http.cases import caught, error_kind
from wasi_http.wasi_03.bodies import WasiBody
from wasi_http.wasi_03.futures import Transmission, trailers
from wasi_http.wasi_03.requests import read_headers
from wasi_http.wasi_03.tasks import start
from wasi_http.wasi_03.writing import Outflow, one
from wire.errors import UpstreamError
from wire.ports import BodyBroken, ClientGone, Headers, Pieces, Reply
from wire.request_log import RequestLog
from wire.respond import identify, place


def build_response(reply: Reply, log: RequestLog, *, method: str) -> Response:
    """Build the response for `reply` and see to its log line.

    Pieces are written as they come, and a break in them breaks the transfer. A body of
    the upstream's is relayed by the host: the guest sees none of its bytes, and so the
    line has no count of them.
    """
    reply = identify(reply, log, method=method)
    log.status = reply.status
    if isinstance(reply.body, WasiBody):
        return _relay(reply, reply.body, log)
    if isinstance(reply.body, Pieces):
        return _stream(reply, reply.body, log)
    assert isinstance(reply.body, bytes), "a body of another host"
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
    widened, taken = Response.new(_fields(headers), body.stream, body.trailers)
    widened.set_status_code(status)
    start(_hold_taken(body, taken))
    return widened


async def _hold_taken(body: WasiBody, taken: FutureReader[Transmission]) -> None:
    await taken.read()
    body.release()


def _fields(headers: Headers) -> Fields:
    try:
        return Fields.from_list(list(headers))
    except Err as error:
        caught(error)
        raise UpstreamError(
            "The reply's headers are more than this host takes.",
            code="upstream_headers",
        ) from None


def _write(reply: Reply, data: bytes) -> Response:
    fields = _fields(reply.headers)
    if not data:
        _, no_trailers = trailers(unless_written=Ok(None))
        response, _ = Response.new(fields, None, no_trailers)
    else:
        outflow = Outflow()
        response, _ = Response.new(fields, outflow.stream, outflow.trailers)
        start(outflow.write(one(data)))
    response.set_status_code(reply.status)
    return response


def _stream(reply: Reply, pieces: Pieces, log: RequestLog) -> Response:
    fields = _fields(reply.headers)
    outflow = Outflow()
    response, _ = Response.new(fields, outflow.stream, outflow.trailers)
    response.set_status_code(reply.status)
    start(_send(outflow, pieces, log))
    return response


async def _send(outflow: Outflow, pieces: Pieces, log: RequestLog) -> None:
    outcome = "abandoned"
    try:
        await outflow.send(pieces, log.chunk)
        outcome = "complete"
    except ClientGone:
        outcome = "client_gone"
    except BodyBroken as error:
        log.cause = error.kind
        outcome = "upstream_broken"
    except Exception as defect:
        log.defect(place(defect))
    finally:
        log.end(outcome)


def _relay(reply: Reply, body: WasiBody, log: RequestLog) -> Response:
    fields = _fields(reply.headers)
    response, taken = Response.new(fields, body.stream, body.trailers)
    response.set_status_code(reply.status)

    log.is_relayed = True
    log.head()
    start(_hold(body, taken, log))
    return response


async def _hold(
    body: WasiBody, taken: FutureReader[Transmission], log: RequestLog
) -> None:
    """Hold all that belongs to the body until the upstream's connection ends."""
    sent = await body.sent.read() if body.sent else Ok(None)
    await _hold_taken(body, taken)
    if isinstance(sent, Err):
        log.cause = error_kind(sent.value)
    log.end("upstream_broken" if isinstance(sent, Err) else "relayed")
