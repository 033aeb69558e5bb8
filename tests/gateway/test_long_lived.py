"""A stream outlives what its instance is bounded by: idle time, and number of uses."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from tests.e2e import replies
from tests.e2e.client import TEXT, send
from tests.e2e.conftest import StartProxy
from tests.e2e.exchange import Exchange
from tests.e2e.marked import PROMPT
from tests.e2e.proxy import ROUTE, Proxy
from tests.e2e.upstream import Script, Upstream
from tests.gateway.companions import companions
from tests.gateway.raw import status
from tests.gateway.uploading import uploading

IDLE = 2.5
"""Seconds, more than twice those after which wasmtime drops an idle instance."""
USES = 128
"""Requests after which wasmtime gives an instance no more."""
BURST = 60


def _small(exchange: Exchange) -> None:
    exchange.read_body()
    exchange.start_plain(200, {"content-length": "2"})
    exchange.write(b"ok")


def _late_head(exchange: Exchange) -> None:
    exchange.read_body()
    time.sleep(IDLE)  # Time itself is what is tested, here and below.
    exchange.start()
    exchange.send(b"late")
    exchange.finish()


def _silent_in_between(exchange: Exchange) -> None:
    exchange.read_body()
    exchange.start()
    exchange.send(b"la")
    time.sleep(IDLE)
    exchange.send(b"te")
    exchange.finish()


def _slow_upload(proxy: Proxy) -> None:
    with uploading(proxy, 20) as upload:
        upload.send(b"x" * 10)
        time.sleep(IDLE)
        upload.send(b"x" * 10)
        assert status(upload.answer()) == 200


def test_silence_longer_than_idle_instances_live(
    start_proxy: StartProxy, upstream: Upstream
) -> None:
    proxy = start_proxy(PROXY_ALLOWED_PATHS="*")
    scripts: dict[str, Script] = {"/v1/models": _late_head, ROUTE: _silent_in_between}

    def script(exchange: Exchange) -> None:
        target = exchange.request.target.removesuffix("/responses")
        chosen = ROUTE if target == "/v1" else target
        scripts.get(chosen, _small)(exchange)

    upstream.play(script)

    def ask(method: str, target: str) -> bytes:
        return send(proxy, method, target, content=PROMPT, headers=TEXT).content

    with ThreadPoolExecutor() as clients:
        late = clients.submit(ask, "POST", "/v1/models")
        silent = clients.submit(ask, "POST", ROUTE)
        clients.submit(_slow_upload, proxy).result()
        assert (late.result(), silent.result()) == (b"late", b"late")


def test_streams_outlive_their_instances_last_use(
    start_proxy: StartProxy, upstream: Upstream
) -> None:
    """And what is collected as garbage meanwhile is not theirs."""
    proxy = start_proxy(LOG_LEVEL="error")
    with companions(proxy, upstream, count=2) as beside:
        beside.others = _small
        for number in range(2 * USES):
            target = (ROUTE, "/v1/responses")[number % 2]
            assert send(proxy, "POST", target, content=b"x").content == b"ok"


def test_a_burst_beside_streams(start_proxy: StartProxy, upstream: Upstream) -> None:
    proxy = start_proxy(LOG_LEVEL="error", PROXY_MAX_RETRIES="0")
    failing = (_small, replies.reset, replies.answer(400), replies.answer(503))
    with companions(proxy, upstream) as beside:
        turns = iter(failing * BURST)
        turn = threading.Lock()

        def others(exchange: Exchange) -> None:
            with turn:
                script = next(turns)
            script(exchange)

        def ask(number: int) -> int:
            body = b"\xff" if number % 5 == 0 else b"x"
            target = (ROUTE, "/v1/responses", "/v1/files")[number % 3]
            return send(proxy, "POST", target, content=body).status_code

        beside.others = others
        with ThreadPoolExecutor(20) as clients:
            codes = set(clients.map(ask, range(BURST)))
        assert codes <= {200, 400, 404, 502, 503}
    assert "wasm trap" not in proxy.text()
