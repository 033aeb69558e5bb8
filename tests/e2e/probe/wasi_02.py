# mypy: ignore-errors
# The bindings of the world exist only where the probe is built.
"""The probe, in the place of the router: the world is its own, `http-proxy`."""

import json
import os

from componentize_py_types import Ok
from wit_world import exports
from wit_world.imports.streaming_handler import stream_handle
from wit_world.imports.types import (
    Fields,
    OutgoingBody,
    OutgoingResponse,
    ResponseOutparam,
)


class IncomingHandler(exports.IncomingHandler):
    """`wasi:http/incoming-handler`."""

    def handle(self, request, response_out):
        """Answer with the environment; hand a prompt to the provider."""
        with request:
            path = request.path_with_query()
        if path == "/environment":
            _answer(response_out, json.dumps(dict(os.environ)).encode())
        else:
            stream_handle("a prompt of the probe", response_out)


def _answer(response_out, data):
    response = OutgoingResponse(Fields.from_list([]))
    body = response.body()
    ResponseOutparam.set(response_out, Ok(response))
    with body.write() as stream:
        stream.blocking_write_and_flush(data)
    OutgoingBody.finish(body, None)
