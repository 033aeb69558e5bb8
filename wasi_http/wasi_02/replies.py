"""The responder port: the one chance to set a response."""

from componentize_py_types import Ok
from wit_world.imports.types import (
    Fields,
    OutgoingResponse,
    ResponseOutparam,
)

from wasi_http.wasi_02.outgoing_bodies import WasiSink
from wire.ports import Headers


class WasiResponder:
    """`Responder` on wasi:http/types.response-outparam."""

    def __init__(self, outparam: ResponseOutparam) -> None:
        self._outparam = outparam

    def start(self, status: int, headers: Headers) -> WasiSink:
        """Send the head: the outparam is used up by it."""
        response = OutgoingResponse(Fields.from_list(list(headers)))
        response.set_status_code(status)
        body = response.body()
        ResponseOutparam.set(self._outparam, Ok(response))
        return WasiSink(body)
