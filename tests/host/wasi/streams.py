"""wasi:io/streams and wasi:io/error, over sources and sinks that tests script."""

from collections.abc import Callable
from typing import Protocol

from wasmtime.component import Variant

from tests.host.wasi.clocks import Moment, Pollable
from tests.host.wasi.table import Resource


class Closed(Exception):
    """The peer's end is closed: the stream's end, or nobody reads any more."""


class Failed(Exception):
    """The stream broke; `code` is a `wasi:http/types.error-code`."""

    def __init__(self, code: Variant) -> None:
        super().__init__(code.tag)
        self.code = code


class Source(Protocol):
    """Where an input stream's bytes come from. May raise `Closed` or `Failed`."""

    def read(self, limit: int) -> bytes: ...

    def readable_at(self) -> Moment: ...

    def dropped(self) -> None: ...


class Sink(Protocol):
    """Where an output stream's bytes go. May raise `Closed` or `Failed`."""

    def room(self) -> int: ...

    def take(self, data: bytes) -> None: ...

    def flush(self) -> None: ...

    def writable_at(self) -> Moment: ...


class IoError(Resource):
    """wasi:io/error.error"""

    def __init__(self, code: Variant) -> None:
        super().__init__()
        self.code = code


StreamError = IoError | None
"""What wasmtime-py takes for stream-error: None is the case `closed`."""


def attempt(action: Callable[[], int | bytes]) -> int | bytes | StreamError:
    """Return a result<T, stream-error>."""
    try:
        return action()
    except Closed:
        return None
    except Failed as failure:
        return IoError(failure.code)


def attempt_void(action: Callable[[], None]) -> Variant:
    """Return a result<_, stream-error>."""
    try:
        action()
    except Closed:
        return Variant("err", None)
    except Failed as failure:
        return Variant("err", IoError(failure.code))
    return Variant("ok")


class InputStream(Resource):
    """wasi:io/streams.input-stream"""

    def __init__(self, source: Source, parent: Resource) -> None:
        super().__init__(parent)
        self._source = source

    def read(self, limit: int) -> int | bytes | StreamError:
        return attempt(lambda: self.take(limit))

    def take(self, limit: int) -> bytes:
        """Return what is there. May raise `Closed` or `Failed`."""
        return self._source.read(limit)

    def subscribe(self) -> Pollable:
        return Pollable(self._source.readable_at, self)

    def dropped(self) -> None:
        self._source.dropped()


class OutputStream(Resource):
    """wasi:io/streams.output-stream"""

    def __init__(
        self, sink: Callable[[], Sink], parent: Resource | None = None
    ) -> None:
        super().__init__(parent)
        self._sink = sink
        self._permitted = 0

    def check_write(self) -> int | bytes | StreamError:
        def permit() -> int:
            self._permitted = self._sink().room()
            return self._permitted

        return attempt(permit)

    def write(self, contents: bytes) -> Variant:
        # See: "write" in the WIT of wasi:io/streams: more than permitted is a trap.
        assert len(contents) <= self._permitted, "written without check-write"
        self._permitted -= len(contents)
        return attempt_void(lambda: self._sink().take(contents))

    def splice(self, source: InputStream, limit: int) -> int | bytes | StreamError:
        def move() -> int:
            room = self._sink().room()
            contents = source.take(min(limit, room)) if room else b""
            if contents:
                self._sink().take(contents)
            return len(contents)

        return attempt(move)

    def flush(self) -> Variant:
        return attempt_void(lambda: self._sink().flush())

    def blocking_flush(self) -> Variant:
        return self.flush()

    def blocking_write_and_flush(self, contents: bytes) -> Variant:
        assert len(contents) <= 4096, "more than blocking-write-and-flush may take"

        def write() -> None:
            self._sink().take(contents)
            self._sink().flush()

        return attempt_void(write)

    def subscribe(self) -> Pollable:
        return Pollable(lambda: self._sink().writable_at(), self)
