"""In-memory ports: a scripted upstream, a virtual clock, a client that can go away."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from openai_component.openai import OPENAI
from provider.settings.settings import Settings
from provider.uploads import KeptUpload
from wasi_http.wasi_02.run import run
from wire.ports import (
    Body,
    BodyBroken,
    ClientGone,
    Headers,
    Host,
    TransportError,
    UpstreamRequest,
    UpstreamResponse,
)
from wire.request_log import RequestLog

__all__ = ["run"]  # the fakes never suspend, as the WASI 0.2 ports never do

KEY = "sk-unit-5b1c"
ENVIRON = {"OPENAI_API_KEY": KEY}


class VirtualClock:
    """`Clock` that moves only when somebody sleeps."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    def unix_time(self) -> float:
        return 1_700_000_000.0 + self.time

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


@dataclass(frozen=True)
class Silence:
    """A part of a script: nothing comes for so many seconds."""

    seconds: float


@dataclass(frozen=True)
class Broken:
    """A part of a script: the peer breaks off."""

    kind: str = "connection-terminated"


Part = bytes | Silence | Broken


class ScriptedBody:
    """`Body` that plays its parts, then ends."""

    def __init__(self, *parts: Part, clock: VirtualClock | None = None) -> None:
        self._parts = list(parts)
        self._clock = clock or VirtualClock()
        self.closed = 0
        self.reads = 0

    async def read(self) -> bytes:
        while (chunk := await self.read_within(3600)) is None:
            pass
        return chunk

    async def read_within(self, seconds: float) -> bytes | None:
        self.reads += 1
        if not self._parts:
            return b""
        part = self._parts[0]
        if isinstance(part, Silence):
            self._be_silent(part, seconds)
            return None
        self._parts.pop(0)
        if isinstance(part, Broken):
            raise BodyBroken(part.kind)
        return part

    def close(self) -> None:
        self.closed += 1

    def _be_silent(self, silence: Silence, seconds: float) -> None:
        self._clock.time += min(seconds, silence.seconds)
        rest = silence.seconds - seconds
        self._parts[:1] = [Silence(rest)] if rest > 0 else []


class Client:
    """`Responder` and `Sink` in one: what the client saw."""

    def __init__(self, *, takes: int | None = None) -> None:
        self.status = 0
        self.headers: Headers = ()
        self.chunks: list[bytes] = []
        self.end = "open"
        self.gone = False
        self.spliced = 0
        self.defect: Exception | None = None
        self._takes = takes

    @property
    def body(self) -> bytes:
        return b"".join(self.chunks)

    def start(self, status: int, headers: Headers) -> "Client":
        assert not self.status, "a second head"
        self.status, self.headers = status, headers
        return self

    async def write(self, data: bytes) -> None:
        assert data, "an empty chunk"
        if self.defect:
            raise self.defect
        if self._takes is not None and len(self.chunks) >= self._takes:
            self.gone = True
        self.check()
        self.chunks.append(data)

    async def splice(self, body: Body, seconds: float) -> int | None:
        chunk = await body.read_within(seconds)
        if chunk:
            await self.write(chunk)
            self.spliced += 1
        return None if chunk is None else len(chunk)

    def check(self) -> None:
        if self.gone:
            raise ClientGone

    async def finish(self) -> None:
        self.check()
        self.end = "complete"

    def abandon(self) -> None:
        self.end = "broken"


Outcome = UpstreamResponse | TransportError


@dataclass
class FakeUpstream:
    """`Upstream` that answers attempt after attempt from a list."""

    outcomes: Sequence[Outcome | Callable[[], Outcome]]
    seconds: float = 0.0
    clock: VirtualClock = field(default_factory=VirtualClock)
    requests: list[UpstreamRequest] = field(default_factory=list)
    uploads: list[list[bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._left: Iterator[Outcome | Callable[[], Outcome]] = iter(self.outcomes)

    async def send(self, request: UpstreamRequest) -> UpstreamResponse:
        self.requests.append(request)
        self.clock.time += self.seconds
        if isinstance(request.body, KeptUpload):
            self.uploads.append([])
            with suppress(BodyBroken):  # It fails the attempt, as a host would.
                async for piece in request.body.pieces():
                    self.uploads[-1].append(piece)
        outcome = next(self._left)
        if callable(outcome):
            outcome = outcome()
        if isinstance(outcome, TransportError):
            raise outcome
        return outcome


def response(
    status: int, *parts: Part, clock: VirtualClock | None = None, **headers: str
) -> UpstreamResponse:
    """Build an upstream's response; `retry_after` stands for `retry-after`."""
    named = tuple((k.replace("_", "-"), v.encode()) for k, v in headers.items())
    return UpstreamResponse(status, named, ScriptedBody(*parts, clock=clock))


def host(
    *outcomes: Outcome | Callable[[], Outcome],
    environ: dict[str, str] | None = None,
    chance: float = 0.0,
    seconds: float = 0.0,
) -> tuple[Host, FakeUpstream, VirtualClock]:
    """Build a host whose upstream gives `outcomes`, each after `seconds`."""
    clock = VirtualClock()
    upstream = FakeUpstream(outcomes, seconds, clock)
    return (
        Host(ENVIRON if environ is None else environ, upstream, clock, lambda: chance),
        upstream,
        clock,
    )


class Log:
    """A request log whose lines are kept."""

    def __init__(self, clock: VirtualClock | None = None) -> None:
        self.lines: list[str] = []
        self.clock = clock or VirtualClock()
        self.log = RequestLog(
            "stream-handle", "req_own", clock=self.clock, write=self.lines.append
        )


def settings(environ: dict[str, str] = ENVIRON, /, **variables: str) -> Settings:
    """Read settings as the OpenAI provider does."""
    return OPENAI.read_settings({**environ, **variables}, Log().log)
