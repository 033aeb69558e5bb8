"""An upstream that leads back to the gateway, and a gateway before another."""

import httpx
import pytest

from tests.e2e import replies
from tests.e2e.client import error_of, send
from tests.e2e.conftest import StartProxy
from tests.e2e.exchange import Exchange
from tests.e2e.loops import via_to
from tests.e2e.marked import PROMPT
from tests.e2e.proxy import ROUTE, Proxy
from tests.e2e.upstream import PATIENCE, Upstream

REQUESTS = [
    ("POST", ROUTE, PROMPT.encode()),
    ("POST", "/chat", b'{"prompt": "Hi"}'),
    ("POST", "/v1/responses", b"{}"),
    ("GET", "/v1/models", b""),
]


@pytest.mark.parametrize(("method", "target", "body"), REQUESTS)
def test_a_loop_ends_with_its_first_round(
    proxy: Proxy, upstream: Upstream, method: str, target: str, body: bytes
) -> None:
    """The upstream is one whose address says nothing: it sends all of it back."""

    def send_back(exchange: Exchange) -> None:
        asked = exchange.request
        reply = httpx.request(
            asked.method,
            f"{proxy.url}{asked.target}",
            headers=asked.headers,
            content=exchange.read_body(),
            timeout=PATIENCE,
            trust_env=False,
        )
        kept = {"x-should-retry": reply.headers.get("x-should-retry", "none")}
        length = {"content-length": str(len(reply.content))}
        exchange.start_plain(reply.status_code, replies.JSON | kept | length)
        exchange.write(reply.content)

    upstream.play(send_back)
    kind = {"content-type": "text/plain"} if target == ROUTE else {}
    response = send(proxy, method, target, content=body, headers=kind)
    assert response.status_code == 508
    assert error_of(response)["code"] == "loop_detected"
    assert response.headers["x-should-retry"] == "false"
    assert len(upstream.exchanges) == 1


def test_a_gateway_before_another_is_no_loop(
    proxy: Proxy, start_proxy: StartProxy, upstream: Upstream
) -> None:
    upstream.play(replies.answer(200, b"{}"))
    front = start_proxy(OPENAI_BASE_URL=f"{proxy.url}/v1")
    assert send(front, "POST", "/v1/responses", content=b"{}").status_code == 200
    marks = upstream.exchange().request.headers["via"].split(", ")
    assert marks[1] == via_to(upstream)
    assert len(set(marks)) == 2
