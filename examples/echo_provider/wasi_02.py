"""The echo on WASI 0.2: what the world in wasi_02.wit has it export."""

from componentize_py_types import Err, Ok
from wit_world import exports
from wit_world.imports.streams import OutputStream
from wit_world.imports.types import (
    Fields,
    OutgoingBody,
    OutgoingResponse,
    ResponseOutparam,
)

from echo_provider.events import HEADERS, events

WRITE_LIMIT = 4_096
"""Bytes that `blocking-write-and-flush` takes at once."""


class StreamingHandler(exports.StreamingHandler):
    """`wasmcloud:ai/streaming-handler`."""

    def stream_handle(self, prompt: str, response: ResponseOutparam) -> None:
        """Send the prompt back; return when it is sent, or the client has gone."""
        head = OutgoingResponse(Fields.from_list(HEADERS))
        body = head.body()
        ResponseOutparam.set(response, Ok(head))
        try:
            with body.write() as stream:
                for event in events(prompt):
                    _write(stream, event)
        except Err:
            # The client has gone. A body dropped unfinished is one that broke off.
            body.__exit__(None, None, None)
        else:
            OutgoingBody.finish(body, None)


def _write(stream: OutputStream, data: bytes) -> None:
    for start in range(0, len(data), WRITE_LIMIT):
        stream.blocking_write_and_flush(data[start : start + WRITE_LIMIT])
