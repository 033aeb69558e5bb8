"""The scripted upstream: what it answers, and what it was asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from wasmtime.component import Variant

from tests.host.peers import Pace, PacedSink, Script, ScriptedSource
from tests.host.wasi.clocks import SECOND, Moment, VirtualClock
from tests.host.wasi.fields import Headers
from tests.host.wasi.incoming import FutureIncomingResponse, IncomingResponse
from tests.host.wasi.outgoing import OutgoingRequest, RequestOptions

EVENT_STREAM: Headers = [("content-type", b"text/event-stream")]
JSON: Headers = [("content-type", b"application/json")]


@dataclass(frozen=True)
class Answer:
    """One reply. `takes` is how the upstream takes the request's body."""

    body: Script = ()
    status: int = 200
    headers: Headers = field(default_factory=lambda: EVENT_STREAM)
    after: float = 0.0
    takes: Pace = Pace()


@dataclass(frozen=True)
class Failure:
    """No reply: `handle` says so at once, or the future after a while."""

    code: Variant
    at_once: bool = False
    after: float = 0.0
    takes: Pace = Pace()


class RequestBody(PacedSink):
    """A request's body. Dropped before its end, it takes the connection with it."""

    def __init__(
        self, pace: Pace, clock: VirtualClock, break_off: Callable[[], None]
    ) -> None:
        super().__init__(pace, clock)
        self._break_off = break_off

    def abandoned(self) -> None:
        super().abandoned()
        self._break_off()


class Exchange:
    """One request that the upstream got, and what became of it."""

    def __init__(
        self,
        request: OutgoingRequest,
        options: RequestOptions | None,
        reply: Answer | Failure,
        clock: VirtualClock,
    ) -> None:
        self.method = request.method
        scheme = (request.scheme or "").lower()
        self.url = f"{scheme}://{request.authority}{request.target}"
        self.headers = dict(request.headers)
        assert len(self.headers) == len(request.headers), "a header is there twice"
        self.timeouts = options.timeouts if options else {}
        self.at = clock.seconds
        self.future_dropped_at: Moment = None
        self.sent = RequestBody(reply.takes, clock, self._break_off)
        self.reply = reply
        self.source: ScriptedSource | None = None
        self._clock = clock
        self._answered_at = clock.now() + round(reply.after * SECOND)
        request.content.sink = self.sent

    @property
    def body(self) -> bytes:
        return self.sent.body

    @property
    def answer(self) -> ScriptedSource:
        """The body of the reply, whose head was taken."""
        assert self.source
        return self.source

    def future(self) -> FutureIncomingResponse:
        return FutureIncomingResponse(
            lambda: self._answered_at, self._take, self._future_dropped
        )

    def _take(self) -> IncomingResponse | Variant | None:
        if self._clock.now() < self._answered_at:
            return None
        if isinstance(self.reply, Failure):
            return self.reply.code
        self.source = ScriptedSource(self.reply.body, self._clock)
        return IncomingResponse(self.reply.status, self.reply.headers, self.source)

    def _break_off(self) -> None:
        if self.source:
            self.source.break_off()
        else:
            self.reply = Failure(Variant("connection-terminated"))

    def _future_dropped(self) -> None:
        self.future_dropped_at = self._clock.now()


class Upstream:
    """An upstream that answers its requests one after the other."""

    def __init__(self, *replies: Answer | Failure) -> None:
        self.exchanges: list[Exchange] = []
        self._replies: Sequence[Answer | Failure] = replies

    @property
    def only(self) -> Exchange:
        assert len(self.exchanges) == 1
        return self.exchanges[0]

    def handle(
        self,
        request: OutgoingRequest,
        options: RequestOptions | None,
        clock: VirtualClock,
    ) -> FutureIncomingResponse | Variant:
        count = len(self.exchanges)
        assert count < len(self._replies), f"request {count + 1} has no answer"
        reply = self._replies[count]
        self.exchanges.append(Exchange(request, options, reply, clock))
        if isinstance(reply, Failure) and reply.at_once:
            return reply.code
        return self.exchanges[-1].future()
