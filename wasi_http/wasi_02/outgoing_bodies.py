"""Bodies that go out: a reply to the client, a request to the upstream."""

from collections.abc import Callable
from contextlib import suppress

from componentize_py_types import Err
from wit_world.imports import poll
from wit_world.imports.poll import Pollable
from wit_world.imports.streams import OutputStream
from wit_world.imports.types import OutgoingBody

from wasi_http.cases import caught
from wasi_http.wasi_02.bodies import READ_SIZE, WasiBody
from wasi_http.wasi_02.clock import timer, wait
from wasi_http.wasi_02.error_codes import stream_failure
from wire.ports import Body, BodyBroken, ClientGone

LINGER_SECONDS = 0.02
"""Between the last bytes and a break: hyper, below wasmtime, drops what it has taken
but not yet sent when a body fails in the same moment."""


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

    async def splice(self, body: Body, seconds: float) -> int | None:
        """Move bytes from a body of this host, as many as the client takes."""
        assert isinstance(body, WasiBody), "a body of another host"
        _guard(lambda: _room(self._stream))
        moved = self._splice(body)
        if moved is None:
            body.wait(seconds)
            moved = self._splice(body)
        return moved

    def _splice(self, body: WasiBody) -> int | None:
        """Return how many bytes were moved, None if there were none, 0 at the end."""
        try:
            moved = self._stream.splice(body.stream, READ_SIZE)
            self._stream.flush()
            return moved or None
        except Err as error:
            failure = stream_failure(error)
        # Either stream may have raised it: the client's says so if it is asked.
        self.check()
        if failure is None:
            return 0
        raise BodyBroken(failure)

    def check(self) -> None:
        """Ask for room: WASI 0.2 has no other way to learn that nobody reads."""
        _guard(self._stream.check_write)

    async def finish(self) -> None:
        """Flush, then end the body as complete.

        One that nobody takes, as that of a 204, is dropped: left to Python, it might be
        dropped before its stream, which would trap.
        """
        try:
            _guard(self._stream.blocking_flush)
        except ClientGone:
            self._drop()
            raise
        self._drop_stream()
        self._is_open = False
        _guard(lambda: OutgoingBody.finish(self._body, None))

    def abandon(self) -> None:
        """Drop the body unfinished: hosts end such a transfer as broken.

        What was written comes first: it would be lost with the body.
        """
        if self._is_streaming:
            with suppress(ClientGone):
                _guard(self._stream.blocking_flush)
                _linger()
        self._drop()

    def _drop(self) -> None:
        self._drop_stream()
        if self._is_open:
            self._is_open = False
            self._body.__exit__(None, None, None)

    def _drop_stream(self) -> None:
        """Drop the child before its parent; dropping twice would trap."""
        if self._is_streaming:
            self._is_streaming = False
            self._stream.__exit__(None, None, None)


def _linger() -> None:
    with timer(LINGER_SECONDS) as done:
        done.block()


def _guard(write: Callable[[], object]) -> None:
    try:
        write()
    except Err as error:
        stream_failure(error)
        raise ClientGone from None


def send_body(
    body: OutgoingBody, data: bytes, answered: Pollable, patience: float
) -> tuple[OutgoingBody, ...]:
    """Send a request's whole body, or stop when it is `answered` before.

    It stops also when the peer takes nothing for `patience` seconds.

    Returns the body if it is not finished: the caller has to drop it.
    Failures are left for the reply's future to report: it knows the reason, if not yet.
    """
    try:
        with body.write() as stream:
            # Only when the peer has taken all is there room again.
            unless = (answered, patience)
            is_sent = write_all(stream, data, unless) and _room(stream, unless)
    except Err as error:
        stream_failure(error)
        wait(answered, patience)
        return (body,)
    if not is_sent:
        return (body,)
    try:
        OutgoingBody.finish(body, None)
    except Err as error:
        caught(error)  # The reply's future reports it.
    return ()


Unless = tuple[Pollable, float]
"""What ends a wait for room: something else gets ready, or so many seconds are over."""


def write_all(stream: OutputStream, data: bytes, unless: Unless | None = None) -> bool:
    """Write and flush `data` in pieces as large as the peer takes.

    Returns False when the peer took nothing before what `unless` says.
    Raises `Err` with a stream error.
    """
    rest = memoryview(data)
    while rest:
        room = _room(stream, unless)
        if not room:
            return False
        stream.write(bytes(rest[:room]))
        stream.flush()
        rest = rest[room:]
    return True


def _room(stream: OutputStream, unless: Unless | None = None) -> int:
    """Block until the peer takes more and return how many bytes.

    Returns 0 when what `unless` says came first. Raises `Err` with a stream error.
    """
    while not (room := stream.check_write()):
        with stream.subscribe() as writable:
            if not _gets_ready(writable, unless):
                return 0
    return room


def _gets_ready(writable: Pollable, unless: Unless | None) -> bool:
    if unless is None:
        writable.block()
        return True
    other, seconds = unless
    with timer(seconds) as late:
        return 0 in poll.poll([writable, other, late])
