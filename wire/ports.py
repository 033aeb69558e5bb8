"""The ports between the core and a host: what a WASI adapter or a fake implements.

Everything that decides is written against these and touches no WASI. The WASI 0.2
adapter blocks inside each `async` method, so every await completes at once; an
asynchronous host suspends there; tests pass in-memory fakes.

Units: sizes are bytes, times are seconds. Header names are lower-case.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

WRONG_LENGTH = "http-request-body-size"
"""The kind of a request whose body is longer or shorter than its `content-length`."""
Headers = tuple[tuple[str, bytes], ...]

SILENT = "connection-read-timeout"
"""The kind of a body whose peer said nothing for longer than it may."""


class TransportError(Exception):
    """Report that no reply's head came back from the upstream.

    `kind` is the case of `wasi:http/types.error-code`, in lower-case kebab-case
    ("connection-refused"): never text from the network.
    """

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class BodyBroken(Exception):
    """Report that a peer broke off in the middle of its body.

    `kind` as in `TransportError`; "unknown" where the host does not say.
    """

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class ClientGone(Exception):
    """Report that the client no longer takes its reply."""


class Body(Protocol):
    """A body that arrives in chunks, however the peer and the network cut it."""

    async def read(self) -> bytes:
        """Return the next bytes as soon as there are any; `b""` is the end.

        Raises `BodyBroken` when the peer broke off.
        """

    async def read_within(self, seconds: float) -> bytes | None:
        """Do as `read`, but return None when nothing came within `seconds`."""

    def close(self) -> None:
        """Give up the rest: the peer's connection is closed. May be repeated."""


@runtime_checkable
class Upload(Protocol):
    """A request body that goes up while it arrives, and again if it was kept."""

    @property
    def is_repeatable(self) -> bool:
        """Tell whether all that was sent so far can be sent again."""

    @property
    def is_misdeclared(self) -> bool:
        """Tell whether the body has shown itself to be longer or shorter than said."""

    @property
    def awaited(self) -> float:
        """Return how many seconds the client has been waited for."""

    @property
    def failure(self) -> str | None:
        """Return how the client broke off, if it did: the kind of a `BodyBroken`."""

    def pieces(self) -> AsyncIterator[bytes]:
        """Yield what an earlier attempt has sent, then the rest as it arrives.

        Raises `BodyBroken` when the client breaks off.
        """

    def close(self) -> None:
        """Give up what has not arrived: nobody takes it."""


class Sink(Protocol):
    """The body of a reply whose head has been sent."""

    async def write(self, data: bytes) -> None:
        """Send `data` and flush it; return when the client has room for more.

        Raises `ClientGone`.
        """

    async def splice(self, body: Body, seconds: float) -> int | None:
        """Have the host move what there is of `body`; return how many bytes.

        0 is the end of `body`, and None says that nothing came within `seconds`.
        Raises `ClientGone`, and `BodyBroken` when the body's peer broke off.
        """

    def check(self) -> None:
        """Raise `ClientGone` if the client has gone; never block."""

    async def finish(self) -> None:
        """End the body as complete. Raises `ClientGone`."""

    def abandon(self) -> None:
        """End the body as broken, so that the client cannot take it for whole."""


class Responder(Protocol):
    """The one chance to answer a request."""

    def start(self, status: int, headers: Headers) -> Sink:
        """Send the reply's head and return its body."""


@dataclass(frozen=True, slots=True)
class Request:
    """The head of a client's request. `target` is path and query, as they came."""

    method: str
    target: str
    headers: Headers


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long to wait for the upstream, in seconds."""

    connect: float
    first_byte: float
    """From the last byte of the request to the reply's head."""
    between_bytes: float
    head: float
    """The same, with the time to connect, whatever takes it: hosts bound the steps that
    they know of, and not a TLS handshake, say. So long may nothing be taken, too."""


@dataclass(frozen=True, slots=True)
class UpstreamRequest:
    """One request to the upstream. `authority` is host and port, as in a URL."""

    method: str
    scheme: str
    authority: str
    path_with_query: str
    headers: Headers
    body: bytes | Upload
    """Bytes, or what is sent while it arrives and may have to be repeated."""
    timeouts: Timeouts


@dataclass(frozen=True, slots=True)
class UpstreamResponse:
    """The head of the upstream's reply, and its body still to come."""

    status: int
    headers: Headers
    body: Body


class Upstream(Protocol):
    """The way out to an API."""

    async def send(self, request: UpstreamRequest) -> UpstreamResponse:
        """Send the request and return when the reply's head is there.

        Raises `TransportError`.
        """


class Clock(Protocol):
    """Time as the core may know it."""

    def now(self) -> float:
        """Return seconds since some fixed moment; never goes backwards."""

    def unix_time(self) -> float:
        """Return seconds since 1970-01-01T00:00:00Z."""

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds`."""


@dataclass(frozen=True, slots=True)
class Host:
    """What a component gets from its host for one request."""

    environ: dict[str, str]
    upstream: Upstream
    clock: Clock
    random: Callable[[], float]
    """Return a number from 0 up to, not including, 1."""


@runtime_checkable
class Pieces(Protocol):
    """A body of our own making, such as an async generator; only WASI 0.3 sends it.

    Each piece is sent as it comes. `BodyBroken` becomes a broken transfer for the
    client. When the client goes away, what a piece awaits is cancelled.
    """

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Return itself."""

    async def __anext__(self) -> bytes:
        """Return the next piece. Raises `BodyBroken`."""

    async def aclose(self) -> None:
        """Close whatever the pieces are made of; called in every case."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a client is to get: whole, relayed from a body untouched, or in pieces."""

    status: int
    headers: Headers
    body: bytes | Body | Pieces
