"""The upstream port: requests that go out."""

import asyncio
from collections.abc import AsyncIterator

from componentize_py_async_support.futures import FutureReader
from componentize_py_types import Err, Ok
from wit_world.imports import client
from wit_world.imports.wasi_http_types import (
    Fields,
    Method_Other,
    Request,
    RequestOptions,
    Scheme_Http,
    Scheme_Https,
)

from wasi_http.cases import caught, error_kind
from wasi_http.times import with_timeouts
from wasi_http.wasi_03.bodies import WasiBody
from wasi_http.wasi_03.cancellable_bodies import CancellableBody
from wasi_http.wasi_03.futures import Transmission, trailers
from wasi_http.wasi_03.requests import read_headers
from wasi_http.wasi_03.tasks import start
from wasi_http.wasi_03.writing import Outflow, one
from wire.errors import InvalidRequest
from wire.ports import (
    Body,
    TransportError,
    Upload,
    UpstreamRequest,
    UpstreamResponse,
)


class WasiUpstream:
    """`Upstream` on wasi:http/client, for the attempts of one request."""

    def __init__(self) -> None:
        self._writing: asyncio.Task[None] | None = None

    async def send(self, request: UpstreamRequest) -> UpstreamResponse:
        """Send the request; return when the reply's head is there."""
        if self._writing:
            # An upload goes to one attempt at a time, also if it failed in the last.
            await asyncio.wait((self._writing,))
        outgoing, sent = self._build(request)
        _address(outgoing, request)
        try:
            response = await client.send(outgoing)
        except Err as error:
            raise TransportError(error_kind(caught(error))) from None
        with response.get_headers() as fields:
            headers = read_headers(fields)
        status = response.get_status_code()
        # `sent` is pending until the connection ends: the one future to wait for.
        return UpstreamResponse(status, headers, CancellableBody(response, sent))

    def _build(
        self, request: UpstreamRequest
    ) -> tuple[Request, FutureReader[Transmission]]:
        fields = _fields(request)
        options = with_timeouts(RequestOptions(), request.timeouts)
        body = request.body
        if isinstance(body, WasiBody):
            return Request.new(fields, body.stream, body.trailers, options)
        if body == b"":
            _, no_trailers = trailers(unless_written=Ok(None))
            return Request.new(fields, None, no_trailers, options)
        outflow = Outflow()
        self._writing = start(outflow.write(_pieces(body)))
        return Request.new(fields, outflow.stream, outflow.trailers, options)


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


def _pieces(body: bytes | Body | Upload) -> AsyncIterator[bytes]:
    if isinstance(body, bytes):
        return one(body)
    assert isinstance(body, Upload), "a body of another host"
    return body.pieces()


def _address(outgoing: Request, request: UpstreamRequest) -> None:
    outgoing.set_method(Method_Other(request.method))
    plain = request.scheme == "http"
    outgoing.set_scheme(Scheme_Http() if plain else Scheme_Https())
    outgoing.set_authority(request.authority)
    outgoing.set_path_with_query(request.path_with_query)
