"""One call of a component: its peers, its surroundings and what it wrote."""

import json
from typing import Any

from wasmtime.component import Variant

from tests.host.client import Client, Delivery
from tests.host.peers import Pace, PacedSink, ScriptedSource
from tests.host.upstream import Upstream
from tests.host.wasi.clocks import VirtualClock
from tests.host.wasi.incoming import FutureIncomingResponse
from tests.host.wasi.outgoing import OutgoingRequest, RequestOptions

KEY = "sk-test-0123456789"
ENVIRON = {"OPENAI_API_KEY": KEY}


class Run:
    """One call of a component, with all that it saw and did."""

    def __init__(
        self, upstream: Upstream, client: Client, environ: dict[str, str]
    ) -> None:
        self.clock = VirtualClock()
        self.upstream = upstream
        self.reply = Delivery(client, self.clock)
        self.stderr = PacedSink(Pace(), self.clock)
        self.environment_reads = 0
        self.request_body = ScriptedSource((), self.clock)
        self._environ = environ

    @property
    def log(self) -> list[dict[str, Any]]:
        """Return the log's lines, each of which has to be a JSON object."""
        return [json.loads(line) for line in self.stderr.body.splitlines()]

    def get_environment(self) -> list[tuple[str, str]]:
        self.environment_reads += 1
        return list(self._environ.items())

    def send(
        self, request: OutgoingRequest, options: RequestOptions | None
    ) -> FutureIncomingResponse | Variant:
        return self.upstream.handle(request, options, self.clock)
