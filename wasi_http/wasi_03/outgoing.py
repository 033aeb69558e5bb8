"""The upstream port: requests that go out."""

import asyncio

from componentize_py_async_support.futures import FutureReader
from componentize_py_types import Err, Ok
from wit_world import u64_future
from wit_world.imports import bounded_client
from wit_world.imports.wasi_http_types import (
    Fields,
    Method_Other,
    Request,
    RequestOptions,
    Scheme_Http,
    Scheme_Https,
)

from wasi_http.cases import caught, error_kind
from wasi_http.times import ONE_PIECE, nanoseconds, with_timeouts
from wasi_http.wasi_03.cancellable_bodies import CancellableBody
from wasi_http.wasi_03.departures import Departure
from wasi_http.wasi_03.futures import Transmission, trailers
from wasi_http.wasi_03.requests import read_headers
from wasi_http.wasi_03.tasks import start
from wasi_http.wasi_03.writing import Outflow, one
from wire.errors import InvalidRequest
from wire.ports import (
    Timeouts,
    TransportError,
    Upload,
    UpstreamRequest,
    UpstreamResponse,
)


class WasiUpstream:
    """`Upstream` on the bounded client, for the attempts of one request."""

    def __init__(self) -> None:
        self._writing: asyncio.Task[None] | None = None

    async def send(self, request: UpstreamRequest) -> UpstreamResponse:
        """Send the request; return when the reply's head is there."""
        if self._writing:
            # An upload goes to one attempt at a time, also if it failed in the last.
            await asyncio.wait((self._writing,))
        outgoing, ended, sent = self._build(request)
        _address(outgoing, request)
        try:
            response = await bounded_client.send(outgoing, sent)
        except Err as error:
            raise TransportError(error_kind(caught(error))) from None
        with response.get_headers() as fields:
            headers = read_headers(fields)
        status = response.get_status_code()
        # `ended` is pending until the connection ends: the one future to wait for.
        return UpstreamResponse(status, headers, CancellableBody(response, ended))

    def _build(
        self, request: UpstreamRequest
    ) -> tuple[Request, FutureReader[Transmission], FutureReader[int]]:
        fields = _fields(request)
        timeouts, body = request.timeouts, request.body
        is_upload = not isinstance(body, bytes) or len(body) > ONE_PIECE
        options = with_timeouts(RequestOptions(), timeouts, is_upload=is_upload)
        if body == b"":
            _, no_trailers = trailers(unless_written=Ok(None))
            outgoing, ended = Request.new(fields, None, no_trailers, options)
            return outgoing, ended, _sent_already(timeouts)
        outflow = Outflow()
        departure = Departure(outflow, timeouts)
        self._writing = start(_depart(departure, body))
        outgoing, ended = Request.new(fields, outflow.stream, outflow.trailers, options)
        return outgoing, ended, departure.sent


def _sent_already(timeouts: Timeouts) -> FutureReader[int]:
    """Return what tells how long the head may take of a request without a body."""
    writer, sent = u64_future(lambda: nanoseconds(timeouts.head))
    writer.__exit__(None, None, None)
    return sent


def _fields(request: UpstreamRequest) -> Fields:
    try:
        return Fields.from_list(list(request.headers))
    except Err as error:
        caught(error)
        raise InvalidRequest(
            "The request's headers are more than this host takes; send less of them.",
            status=431,
            code="headers_too_large",
        ) from None


async def _depart(departure: Departure, body: bytes | Upload) -> None:
    if isinstance(body, bytes):
        return await departure.write(one(body))
    try:
        await departure.write(body.pieces())
    finally:
        body.close()


def _address(outgoing: Request, request: UpstreamRequest) -> None:
    outgoing.set_method(Method_Other(request.method))
    plain = request.scheme == "http"
    outgoing.set_scheme(Scheme_Http() if plain else Scheme_Https())
    outgoing.set_authority(request.authority)
    outgoing.set_path_with_query(request.path_with_query)
