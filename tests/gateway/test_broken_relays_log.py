"""What the logs show of a relayed stream that breaks off, as docs/deploy.md says."""

import pytest

from tests.e2e.client import connecting
from tests.e2e.conftest import StartProxy
from tests.e2e.exchange import Exchange
from tests.e2e.proxy import ROUTE
from tests.e2e.upstream import Upstream
from tests.gateway.raw import request

HOSTS = "error: hyper::Error(User(Body), "


def _reset(exchange: Exchange) -> None:
    _begin(exchange)
    exchange.reset()


def _close(exchange: Exchange) -> None:
    _begin(exchange)


def _silence(exchange: Exchange) -> None:
    _begin(exchange)
    exchange.wait_closed()


def _begin(exchange: Exchange) -> None:
    exchange.read_body()
    exchange.start()
    exchange.send(b"data: 1\n\n")


@pytest.mark.parametrize("target", [ROUTE, "/v1/responses"])
@pytest.mark.parametrize("break_off", [_reset, _close, _silence])
def test_the_hosts_line_stands_next_to_the_requests(
    start_proxy: StartProxy, upstream: Upstream, break_off: object, target: str
) -> None:
    assert callable(break_off)
    upstream.play(break_off)
    proxy = start_proxy(PROXY_BETWEEN_BYTES_TIMEOUT_MS="300", LOG_LEVEL="info")
    with connecting(proxy) as connection:
        connection.sendall(request("POST", target, body=b"x"))
        while connection.recv(65536):
            pass
    (line,) = proxy.request_lines(1)
    proxy.wait_for_text(HOSTS)
    assert line["outcome"] == "relayed"
    written = proxy.text().splitlines()
    hosts = next(n for n, text in enumerate(written) if text.startswith(HOSTS))
    assert any(line["request_id"] in text for text in written[hosts - 1 : hosts + 2])
