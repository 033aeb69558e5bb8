"""The log: one JSON line for each request, and none of it secret.

A line holds numbers, names that the project or the operator chose, and the upstream's
request id; never a header, a prompt, a reply, a URL, or the text of an error.
"""

import json
from collections.abc import Callable
from enum import IntEnum

from wire.ports import Clock
from wire.usage import Tail

TEXT_LIMIT = 256
"""Characters of one text in a line."""
COUNT_LIMIT = 2**53
COUNTS = ("input_tokens", "output_tokens")


class LogLevel(IntEnum):
    """How much is written: everything at its level or above."""

    DEBUG = 10
    INFO = 20
    ERROR = 40


def log_line(event: str, fields: dict[str, object]) -> str:
    """Format one line with its line end, leaving out the fields that are None.

    However long what is told, the line is bounded.
    """
    bounded = {name: _bounded(value) for name, value in fields.items()}
    present = {name: value for name, value in bounded.items() if value is not None}
    return json.dumps({"event": event, **present}, separators=(",", ":")) + "\n"


def _bounded(value: object) -> object:
    """Cut a long text; a number with more digits than any count says nothing."""
    if isinstance(value, str):
        return value[:TEXT_LIMIT]
    if isinstance(value, int) and abs(value) > COUNT_LIMIT:
        return None
    return value


def new_request_id(random_bits: int) -> str:
    """Make an id, of 128 random bits, for a request that the upstream gave none."""
    return f"req_{random_bits:032x}"


class RequestLog:
    """The measurements of one request, from its arrival to its end."""

    def __init__(
        self,
        route: str,
        request_id: str,
        *,
        clock: Clock,
        write: Callable[[str], object],
    ) -> None:
        self.level = LogLevel.INFO
        self.request_id = request_id
        self.model: str | None = None
        self.status = 0
        self.code: str | None = None
        self.cause: str | None = None
        self.retries = 0
        self.is_relayed = False
        """The host sends the body on: how much of what, the guest cannot say."""
        self.route = route
        self._clock = clock
        self._write = write
        self._started = clock.now()
        self._first_byte: float | None = None
        self._chunks = 0
        self._bytes = 0
        self._tail = Tail()
        self.usage: dict[str, int] | None = None
        """Token counts, where somebody has read the reply."""

    def head(self) -> None:
        """Note the time of the reply's first byte."""
        if self._first_byte is None:
            self._first_byte = self._clock.now()

    def chunk(self, data: bytes) -> None:
        """Count one chunk that has been sent to the client."""
        self._tail.feed(data)
        self._count(len(data))

    def moved(self, size: int) -> None:
        """Count one chunk of `size` bytes that the host moved, unread.

        What was read before it is not the stream's end: it tells no token counts.
        """
        self._tail = Tail()
        self._count(size)

    def _count(self, size: int) -> None:
        self.head()
        self._chunks += 1
        self._bytes += size
        if self.level == LogLevel.DEBUG:
            self._write(log_line("chunk", self._chunk_fields(size)))

    def end(self, outcome: str) -> None:
        """Write the request's line.

        `outcome` is "complete", "client_gone", "upstream_broken" or, for a defect of
        ours, "abandoned"; and "relayed" where only the host knows which of the first
        three it was.
        """
        failed = self.status >= 500 or outcome in ("upstream_broken", "abandoned")
        if failed or self.cause or self.level <= LogLevel.INFO:
            self._write(log_line("request", self._fields(outcome)))

    def defect(self, place: str) -> None:
        """Write that a defect of ours showed itself at `place`."""
        self._write(log_line("defect", {"request_id": self.request_id, "at": place}))

    def _fields(self, outcome: str) -> dict[str, object]:
        return {
            "request_id": self.request_id,
            "route": self.route,
            "model": self.model,
            "status": self.status,
            "outcome": outcome,
            "code": self.code,
            "cause": self.cause,
            "first_byte_ms": self._milliseconds(self._first_byte),
            "duration_ms": self._milliseconds(self._clock.now()),
            "chunks": None if self.is_relayed else self._chunks,
            "bytes": None if self.is_relayed else self._bytes,
            "retries": self.retries,
            **self._usage(),
        }

    def _usage(self) -> dict[str, int]:
        if self.usage is None:
            return self._tail.usage()
        return {name: self.usage[name] for name in COUNTS if name in self.usage}

    def _chunk_fields(self, size: int) -> dict[str, object]:
        return {
            "request_id": self.request_id,
            "chunk": self._chunks,
            "bytes": size,
            "ms": self._milliseconds(self._clock.now()),
        }

    def _milliseconds(self, moment: float | None) -> float | None:
        return None if moment is None else round((moment - self._started) * 1000, 1)
