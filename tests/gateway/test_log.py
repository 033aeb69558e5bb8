"""One line for each request, on both routes, by the id that the client gets."""

import pytest

from tests.e2e import replies
from tests.e2e.client import TEXT, send
from tests.e2e.conftest import StartProxy
from tests.e2e.exchange import EVENT_STREAM
from tests.e2e.marked import CLIENT_SECRET, PROMPT, REPLY
from tests.e2e.proxy import ROUTE, Proxy
from tests.e2e.upstream import Upstream

ROUTES = {ROUTE: "stream-handle", "/v1/responses": "/v1/"}
routes = pytest.mark.parametrize(("target", "route"), ROUTES.items())


def _ask(proxy: Proxy, target: str) -> str:
    headers = TEXT | {"x-request-id": CLIENT_SECRET, "cookie": CLIENT_SECRET}
    response = send(proxy, "POST", target, content=PROMPT, headers=headers)
    request_id: str = response.headers["x-request-id"]
    proxy.request_line(request_id)
    return request_id


@routes
@pytest.mark.parametrize("level", ["info", "debug"])
def test_the_line_of_a_stream(
    start_proxy: StartProxy, upstream: Upstream, target: str, route: str, level: str
) -> None:
    upstream.play(replies.stream())
    proxy = start_proxy(LOG_LEVEL=level)
    request_id = _ask(proxy, target)
    assert request_id.startswith("req_")
    line = proxy.request_line(request_id)
    assert 0 < line.pop("first_byte_ms") <= line.pop("duration_ms") < 20_000
    model = {"model": "gpt-4.1"} if target == ROUTE else {}
    assert line == model | {
        "event": "request",
        "request_id": request_id,
        "route": route,
        "status": 200,
        "outcome": "relayed",
        "retries": 0,
    }


@routes
def test_each_request_has_one_line(
    start_proxy: StartProxy, upstream: Upstream, target: str, route: str
) -> None:
    proxy = start_proxy()
    scripts = (replies.stream(), replies.answer(400), replies.answer(200, b"{}"))
    ids = []
    for script in scripts:
        upstream.play(script)
        ids.append(_ask(proxy, target))
    lines = proxy.log_lines("request")
    assert sorted(line["request_id"] for line in lines) == sorted(ids)
    assert {line["route"] for line in lines} == {route}


@routes
@pytest.mark.parametrize("status", [200, 400, 503])
def test_the_upstreams_id_reaches_client_and_log(
    proxy: Proxy, upstream: Upstream, target: str, route: str, status: int
) -> None:
    own = f"req_of_upstream_{route.strip('/')}_{status}"
    headers = EVENT_STREAM | {"x-request-id": own}
    upstream.play(replies.answer(status, REPLY.encode(), headers))
    assert _ask(proxy, target) == own
    line = proxy.request_line(own)
    assert (line["route"], line["status"]) == (route, status)
    assert line["retries"] == (2 if status == 503 else 0)


@routes
def test_ids_differ(proxy: Proxy, upstream: Upstream, target: str, route: str) -> None:
    assert route
    upstream.play(replies.stream())
    ids = {_ask(proxy, target) for _ in range(20)}
    assert len(ids) == 20
    assert all(id.startswith("req_") and len(id) == 36 for id in ids)


def test_nothing_secret_is_logged(start_proxy: StartProxy, upstream: Upstream) -> None:
    """`scripts.check_logs` looks for the same in the logs of all tests."""
    upstream.play(replies.answer(400, REPLY.encode()))
    proxy = start_proxy(PROXY_ACCESS_TOKENS=CLIENT_SECRET)
    for token in ("", "x", CLIENT_SECRET):
        shown = {"authorization": f"Bearer {token}{CLIENT_SECRET}"}
        for target in (f"/v1/responses/{CLIENT_SECRET}?q={CLIENT_SECRET}", ROUTE):
            send(proxy, "POST", target, content=PROMPT, headers=TEXT | shown)
    assert len(proxy.request_lines(6)) == 6
    assert CLIENT_SECRET not in proxy.text()
