"""Fifteen streams beside all requests that are expensive to take, at once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle

import pytest

from scripts.bench.cost_inputs import Input, inputs
from scripts.bench.processes import cpu_seconds
from tests.e2e import replies
from tests.e2e.conftest import StartProxy
from tests.e2e.exchange import Exchange
from tests.e2e.proxy import Proxy
from tests.e2e.upstream import Upstream
from tests.gateway.companions import Companions, companions
from tests.gateway.raw import answer, status

BOUND = 1.0
"""CPU seconds that the most expensive of them may cost; each took 2 to 17 before."""
ALL = [given for given in inputs() if "gateway" in given.editions]
(PLAIN,) = (given for given in ALL if given.name == "/chat: text")
STATUSES = {200, 413, 431, 502}


@pytest.fixture
def proxy(start_proxy: StartProxy) -> Proxy:
    return start_proxy(LOG_LEVEL="info", PROXY_CONTENT_FORMAT="String")


@pytest.fixture
def beside(proxy: Proxy, upstream: Upstream) -> Iterator[Companions]:
    with companions(proxy, upstream) as beside:
        yield beside


LISTS = cycle([given.reply for given in ALL if b"GET /v1/models " in given.sent[:20]])
WHOLES = cycle([given.reply for given in ALL if given.name.startswith("a whole")])


def _whole(exchange: Exchange) -> None:
    is_list = exchange.request.target == "/v1/models"
    replies.answer(200, next(LISTS if is_list else WHOLES))(exchange)


def _longest_gap(proxy: Proxy, beside: Companions, sent: list[Input]) -> float:
    """Send all at once, and return the longest gap in any stream beside them.

    It is counted in the CPU seconds that the server had meanwhile, for whatever it did:
    what else the machine does is no part of them.
    """
    gaps = []
    with ThreadPoolExecutor(len(sent)) as clients:
        answers = [clients.submit(answer, proxy, given.sent) for given in sent]
        while not all(asked.done() for asked in answers):
            start = cpu_seconds(proxy.pid)
            beside.step()
            gaps.append(cpu_seconds(proxy.pid) - start)
        assert {status(asked.result()) for asked in answers} <= STATUSES
    return max(gaps)


def test_no_stream_waits_for_an_expensive_request(
    proxy: Proxy, beside: Companions
) -> None:
    beside.others = replies.answer(200, PLAIN.reply)
    usual = _longest_gap(proxy, beside, [PLAIN] * len(ALL))
    beside.others = _whole
    longest = _longest_gap(proxy, beside, ALL)
    print(f"the longest gap: {longest:.2f} CPU s; with plain text {usual:.2f}")
    assert longest < usual + BOUND
