"""The router on WASI 0.3: what the world in wasi_03.wit has it export."""

from componentize_py_async_support import spawn
from componentize_py_async_support.futures import FutureWriter
from componentize_py_async_support.streams import ByteStreamWriter
from componentize_py_types import Err, Ok, Result
from wit_world import (
    byte_stream,
    exports,
)
from wit_world import (
    result_option_wasi_http_types_fields_wasi_http_types_error_code_future as trailers,
)
from wit_world.imports.streaming_handler import stream_handle
from wit_world.imports.wasi_http_types import (
    ErrorCode,
    ErrorCode_InternalError,
    Fields,
    Method_Get,
    Request,
    Response,
)

from query_router.prompts import HEADERS, USAGE, find_prompt

Trailers = Result[Fields | None, ErrorCode]


class Handler(exports.Handler):
    """`wasi:http/handler`."""

    async def handle(self, request: Request) -> Response:
        """Return the provider's response as it is: the host relays its body."""
        with request:
            is_get = isinstance(request.get_method(), Method_Get)
            prompt = find_prompt(request.get_path_with_query() or "/")
        if is_get and prompt:
            return await stream_handle(prompt)
        return _refusal()


def _refusal() -> Response:
    writer, body = byte_stream()
    end, ended = trailers(lambda: Err(ErrorCode_InternalError(None)))
    response, _ = Response.new(Fields.from_list(HEADERS), body, ended)
    response.set_status_code(404)
    spawn(_write(writer, end))
    return response


async def _write(writer: ByteStreamWriter, end: FutureWriter[Trailers]) -> None:
    with end:
        with writer:
            await writer.write_all(USAGE)
        await end.write(Ok(None))
