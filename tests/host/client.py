"""The client: what it asks, and what it gets of the reply."""

from dataclasses import dataclass

from wasmtime.component import Variant

from tests.host.peers import Pace, PacedSink
from tests.host.wasi.clocks import SECOND, Moment, VirtualClock
from tests.host.wasi.fields import Headers
from tests.host.wasi.outgoing import OutgoingResponse, ResponseOutparam
from tests.host.wasi.streams import Closed


@dataclass(frozen=True)
class Client:
    """How a client takes its reply, and when it goes away."""

    takes: Pace = Pace()
    leaves_at: float | None = None
    leaves_after_chunks: int | None = None


class Delivery(PacedSink):
    """A reply as the client got it. `end` is "finished", "abandoned" or "open"."""

    def __init__(self, client: Client, clock: VirtualClock) -> None:
        super().__init__(client.takes, clock)
        self.status: int | None = None
        self.headers: Headers = []
        self.head_at: float | None = None
        self.gone_at: Moment = None
        if client.leaves_at is not None:
            self.gone_at = round(client.leaves_at * SECOND)
        self._client = client

    def outparam(self) -> ResponseOutparam:
        return ResponseOutparam(self._answered)

    def header(self, name: str) -> bytes | None:
        """Return the value of a header that is there once, or None."""
        values = [value for key, value in self.headers if key == name]
        assert len(values) < 2, f"{name} is there {len(values)} times"
        return values[0] if values else None

    def room(self) -> int:
        self._check()
        return super().room()

    def take(self, data: bytes) -> None:
        self._check()
        super().take(data)

    def flush(self) -> None:
        self._check()
        super().flush()
        if len(self.chunks) == self._client.leaves_after_chunks:
            self.gone_at = self._clock.now()

    def writable_at(self) -> Moment:
        moments = [m for m in (super().writable_at(), self.gone_at) if m is not None]
        return min(moments, default=None)

    def _answered(self, response: OutgoingResponse | Variant) -> None:
        assert isinstance(response, OutgoingResponse), response
        self.status, self.headers = response.status, response.headers
        self.head_at = self._clock.seconds
        response.content.sink = self

    def _check(self) -> None:
        if self.gone_at is not None and self.gone_at <= self._clock.now():
            raise Closed
