"""The router on WASI 0.2: what the world in wasi_02.wit has it export."""

from componentize_py_types import Err, Ok
from wit_world import exports
from wit_world.imports.streaming_handler import stream_handle
from wit_world.imports.types import (
    Fields,
    IncomingRequest,
    Method_Get,
    OutgoingBody,
    OutgoingResponse,
    ResponseOutparam,
)

from query_router.prompts import HEADERS, USAGE, find_prompt


class IncomingHandler(exports.IncomingHandler):
    """`wasi:http/incoming-handler`."""

    def handle(self, request: IncomingRequest, response_out: ResponseOutparam) -> None:
        """Hand a prompt to the provider, and the right to answer with it."""
        with request:
            is_get = isinstance(request.method(), Method_Get)
            prompt = find_prompt(request.path_with_query() or "/")
        if is_get and prompt:
            stream_handle(prompt, response_out)
        else:
            _refuse(response_out)


def _refuse(response_out: ResponseOutparam) -> None:
    head = OutgoingResponse(Fields.from_list(HEADERS))
    head.set_status_code(404)
    body = head.body()
    ResponseOutparam.set(response_out, Ok(head))
    try:
        with body.write() as stream:
            stream.blocking_write_and_flush(USAGE)
    except Err:
        body.__exit__(None, None, None)  # The client has gone.
    else:
        OutgoingBody.finish(body, None)
