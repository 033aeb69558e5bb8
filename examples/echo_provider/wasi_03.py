"""The echo on WASI 0.3: what the world in wasi_03.wit has it export."""

from collections.abc import Iterable

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
from wit_world.imports.wasi_http_types import (
    ErrorCode,
    ErrorCode_InternalError,
    Fields,
    Request,
    Response,
)

from echo_provider.events import HEADERS, NOT_SERVED, events

Trailers = Result[Fields | None, ErrorCode]


class StreamingHandler(exports.StreamingHandler):
    """`wasmcloud:ai/streaming-handler`."""

    async def stream_handle(self, prompt: str) -> Response:
        """Return at once; the prompt goes back in the background."""
        return _respond(200, HEADERS, events(prompt))


class Handler(exports.Handler):
    """`wasi:http/handler`: every route that is neither prompts nor `/health`."""

    async def handle(self, request: Request) -> Response:
        """Serve none of them: the echo has no upstream."""
        with request:
            return _respond(404, [("content-type", b"application/json")], [NOT_SERVED])


class Access(exports.Access):
    """`wasmcloud:ai/access`: everybody may enter, and no web page may read."""

    def admit(self, authorization: list[bytes]) -> bool:  # noqa: ARG002
        """Let everybody in."""
        return True

    def setting_error(self) -> str | None:
        """Find nothing wrong: there are no settings."""
        return None

    def client_timeout(self) -> int:
        """Let a client be silent for 30 s within a prompt: in milliseconds."""
        return 30_000

    def allow_origin(self, origin: str) -> bool:  # noqa: ARG002
        """Allow none."""
        return False


def _respond(
    status: int, headers: list[tuple[str, bytes]], pieces: Iterable[bytes]
) -> Response:
    writer, body = byte_stream()
    end, ended = trailers(lambda: Err(ErrorCode_InternalError(None)))
    response, _ = Response.new(Fields.from_list(headers), body, ended)
    response.set_status_code(status)
    spawn(_write(writer, end, pieces))
    return response


async def _write(
    writer: ByteStreamWriter, end: FutureWriter[Trailers], pieces: Iterable[bytes]
) -> None:
    """Write all pieces, then say that they were all: unsaid, the body broke off."""
    with end:
        with writer:
            for piece in pieces:
                await writer.write_all(piece)
                if writer.reader_dropped:
                    return
        await end.write(Ok(None))
