"""The upstream port: requests that go out."""

from componentize_py_types import Err, Ok
from wit_world.imports import outgoing_handler
from wit_world.imports.types import (
    Fields,
    FutureIncomingResponse,
    IncomingResponse,
    Method,
    Method_Get,
    Method_Other,
    Method_Post,
    OutgoingBody,
    OutgoingRequest,
    RequestOptions,
    Scheme_Http,
    Scheme_Https,
)

from wasi_http.cases import caught, error_kind
from wasi_http.times import ONE_PIECE, with_timeouts
from wasi_http.wasi_02.bodies import WasiBody
from wasi_http.wasi_02.clock import wait
from wasi_http.wasi_02.outgoing_bodies import send_body
from wasi_http.wasi_02.requests import read_headers
from wire.ports import TransportError, UpstreamRequest, UpstreamResponse

METHODS: dict[str, Method] = {"GET": Method_Get(), "POST": Method_Post()}


class WasiUpstream:
    """`Upstream` on wasi:http/outgoing-handler."""

    async def send(self, request: UpstreamRequest) -> UpstreamResponse:
        """Send the request and block until the reply's head is there."""
        assert isinstance(request.body, bytes), "this edition has no uploads"
        timeouts, is_upload = request.timeouts, len(request.body) > ONE_PIECE
        outgoing = _build(request)
        body = outgoing.body()
        try:
            # Before the body: nobody takes its bytes until the request is under way.
            options = with_timeouts(RequestOptions(), timeouts, is_upload=is_upload)
            future = outgoing_handler.handle(outgoing, options)
        except Err as error:
            body.__exit__(None, None, None)
            raise TransportError(error_kind(caught(error))) from None
        with future:
            with future.subscribe() as answered:
                patience = timeouts.head
                unsent = send_body(body, request.body, answered, patience)
                if not unsent:
                    # What is small may be taken before anybody is connected.
                    wait(answered, timeouts.first_byte if is_upload else patience)
            return _read(future, unsent)


def _build(request: UpstreamRequest) -> OutgoingRequest:
    outgoing = OutgoingRequest(Fields.from_list(list(request.headers)))
    outgoing.set_method(METHODS.get(request.method, Method_Other(request.method)))
    outgoing.set_scheme(Scheme_Http() if request.scheme == "http" else Scheme_Https())
    outgoing.set_authority(request.authority)
    outgoing.set_path_with_query(request.path_with_query)
    return outgoing


def _read(
    future: FutureIncomingResponse, unsent: tuple[OutgoingBody, ...]
) -> UpstreamResponse:
    """Read the head of the response, which is there.

    A request body that was not sent whole is dropped with the response's body:
    earlier, it would break the connection that the response still comes on.
    """
    try:
        response = _take(future)
    except TransportError:
        for body in unsent:
            body.__exit__(None, None, None)
        raise
    with response:
        with response.headers() as fields:
            headers = read_headers(fields)
        return UpstreamResponse(
            response.status(), headers, WasiBody(response.consume(), *unsent)
        )


def _take(future: FutureIncomingResponse) -> IncomingResponse:
    match future.get():
        case Ok(Ok(response)):
            return response
        case Ok(Err(code)):
            raise TransportError(error_kind(code))
        case None:
            raise TransportError("http-response-timeout")
        case _:
            raise TransportError("internal-error")
