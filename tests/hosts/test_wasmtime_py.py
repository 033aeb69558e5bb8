"""Requests at the same time on wasmtime-py: each in a store and a thread of its own.

All else that the table says of this host is shown in tests/host.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from wasmtime.component import Variant

from tests.e2e.upstream import PATIENCE
from tests.host import stage
from tests.host.components import Built
from tests.host.peers import Broken, ScriptedSource
from tests.host.runs import ENVIRON, Run
from tests.host.stage import PATIENT, TEXT, Proxy
from tests.host.upstream import Answer, Failure, Upstream
from tests.host.wasi import byte_lists
from tests.host.wasi.incoming import FutureIncomingResponse, IncomingRequest
from tests.host.wasi.outgoing import OutgoingRequest, RequestOptions

# wasmtime-py alone takes a second for a stream of some length.
byte_lists.install()

EVENT = b"data: 1\n\n"
REFUSED = Failure(Variant("connection-refused"), at_once=True)


class _Held(Upstream):
    """Takes a request, and answers it when it is told to."""

    def __init__(self, reply: Answer) -> None:
        super().__init__(reply)
        self.asked = Event()
        self.told = Event()

    def handle(
        self, request: OutgoingRequest, options: RequestOptions | None, *clock: object
    ) -> FutureIncomingResponse | Variant:
        self.asked.set()
        assert self.told.wait(PATIENCE)
        return super().handle(request, options, *clock)  # type: ignore[arg-type]


class _Defective(Upstream):
    """Raises where a host must not: the guest traps."""

    def handle(self, *_: object) -> FutureIncomingResponse | Variant:
        raise LookupError("a host with a defect")


def _ask(proxy: Proxy, upstream: Upstream) -> Run:
    run = Run(upstream, PATIENT, ENVIRON)
    run.request_body = ScriptedSource((b"Say hello.",), run.clock)
    body = run.request_body
    request = IncomingRequest(Variant("post"), "/openai-proxy", TEXT, body)
    return proxy.call(run, request)


def _broken(beside: Proxy) -> None:
    run = _ask(beside, Upstream(Answer((EVENT, Broken()))))
    assert run.reply.end == "abandoned"


def _whole(beside: Proxy) -> None:
    assert _ask(beside, Upstream(Answer((EVENT,)))).reply.body == EVENT


def _trapped(beside: Proxy) -> None:
    with pytest.raises(LookupError):
        _ask(beside, _Defective(REFUSED))


@pytest.mark.parametrize("happen", [_whole, _broken, _trapped])
def test_stores_leave_each_other_alone(happen: Callable[[Proxy], None]) -> None:
    built = Built()
    built.component("final")
    first, beside = (Proxy(built, stage.composed) for _ in range(2))
    upstream = _Held(Answer((EVENT, EVENT)))
    with ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(_ask, first, upstream)
        try:
            assert upstream.asked.wait(PATIENCE)
            happen(beside)
        finally:
            upstream.told.set()
        run = waiting.result(PATIENCE)
    assert (run.reply.status, run.reply.body) == (200, EVENT + EVENT)
    assert run.reply.end == "finished"
