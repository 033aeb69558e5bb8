"""Bodies that go out: a reply to the client, a request to the upstream."""

from collections.abc import Callable

from componentize_py_types import Err
from wit_world.imports import poll
from wit_world.imports.poll import Pollable
from wit_world.imports.streams import OutputStream
from wit_world.imports.types import OutgoingBody

from wasi_http.wasi_02.error_codes import stream_failure
from wire.ports import ClientGone


class WasiSink:
    """`Sink` on wasi:http/types.outgoing-body: the reply to a client."""

    def __init__(self, body: OutgoingBody) -> None:
        self._body = body
        self._stream = body.write()
        self._is_streaming = True
        self._is_open = True

    async def write(self, data: bytes) -> None:
        """Send `data` as the client takes it, each piece flushed."""
        _guard(lambda: write_all(self._stream, data))

    def check(self) -> None:
        """Ask for room: WASI 0.2 has no other way to learn that nobody reads."""
        _guard(self._stream.check_write)

    async def finish(self) -> None:
        """Flush, then end the body as complete."""
        _guard(self._stream.blocking_flush)
        self._drop_stream()
        self._is_open = False
        _guard(lambda: OutgoingBody.finish(self._body, None))

    def abandon(self) -> None:
        """Drop the body unfinished: hosts end such a transfer as broken."""
        self._drop_stream()
        if self._is_open:
            self._is_open = False
            self._body.__exit__(None, None, None)

    def _drop_stream(self) -> None:
        """Drop the child before its parent; dropping twice would trap."""
        if self._is_streaming:
            self._is_streaming = False
            self._stream.__exit__(None, None, None)


def _guard(write: Callable[[], object]) -> None:
    try:
        write()
    except Err as error:
        stream_failure(error)
        raise ClientGone from None


def send_body(
    body: OutgoingBody, data: bytes, answered: Pollable
) -> tuple[OutgoingBody, ...]:
    """Send a request's whole body, or stop when `answered` gets ready before.

    Returns the body if it is not finished: the caller has to drop it.
    Failures are left for the reply's future to report: it knows the reason.
    """
    try:
        with body.write() as stream:
            is_sent = write_all(stream, data, answered) and _flushed(stream, answered)
    except Err as error:
        stream_failure(error)
        return (body,)
    if not is_sent:
        return (body,)
    try:
        OutgoingBody.finish(body, None)
    except Err:
        pass  # The reply's future reports it.
    return ()


def write_all(
    stream: OutputStream, data: bytes, unless: Pollable | None = None
) -> bool:
    """Write and flush `data` in pieces as large as the peer takes.

    Returns False when `unless` got ready while the peer took nothing.
    Raises `Err` with a stream error.
    """
    rest = memoryview(data)
    while rest:
        room = stream.check_write()
        if room:
            stream.write(bytes(rest[:room]))
            stream.flush()
            rest = rest[room:]
        elif _is_ready_first(unless, stream):
            return False
    return True


def _flushed(stream: OutputStream, unless: Pollable) -> bool:
    """Block until the peer has taken all: only then is there room again."""
    while not stream.check_write():
        if _is_ready_first(unless, stream):
            return False
    return True


def _is_ready_first(unless: Pollable | None, stream: OutputStream) -> bool:
    """Block until there may be room; tell whether `unless` got ready instead."""
    with stream.subscribe() as writable:
        ready = poll.poll([writable] if unless is None else [writable, unless])
    return 0 not in ready
