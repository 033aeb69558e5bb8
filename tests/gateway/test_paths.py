"""What `/v1/` does not serve is refused, and the upstream is never asked."""

import json

import pytest

from tests.e2e import replies
from tests.e2e.client import send
from tests.e2e.conftest import StartProxy
from tests.e2e.proxy import Proxy
from tests.e2e.upstream import Upstream
from tests.gateway.raw import answer, request, status

OFF_THE_LIST = [
    "/v1/files",
    "/v1/fine_tuning/jobs",
    "/v1/organization/api_keys",
    "/v1/Models",
    "/v1/modelsx",
    "/v1/chat",
    "/v1/chat/completions/id",
    "/v1/",
    "/v1/?models",
    "/v1/models/",
    "/v1//models",
    "/v1/models//x",
    "/v1/models/../files",
    "/v1/models/..",
    "/v1/models/.",
    "/v1/./models",
    "/v1/models/x/../../files",
    "/v1/models/%2e%2e/files",
    "/v1/models/%2E%2E/files",
    "/v1/models/.%2e/files",
    "/v1/models%2f..%2ffiles",
    "/v1/models/%2F",
    "/v1/models/..%5cfiles",
    "/v1/models/..\\files",
    "/v1/models/%00",
    "/v1/models/%0d%0ax:y",
    "/v1/models/%7f",
    "/v1/models/%252e%252e/files",
    "/v1/models/%25",
    "/v1/models/\u00c3\u00a9",
    "http://evil.example/v1/files",
    "http://evil.example//v1/models",
]
NO_ROUTE = [
    "/",
    "/v1",
    "/v1?x=/v1/models",
    "/V1/models",
    "//v1/models",
    "/./v1/models",
    "/x/../v1/models",
    "/%76%31/models",
    "/v1%2fmodels",
    "/openai-proxy/../v1/models",
    "http://evil.example",
    "*",
]


def _error(received: bytes) -> dict[str, str]:
    body = received[received.index(b"{") : received.rindex(b"}") + 1]
    error: dict[str, str] = json.loads(body)["error"]
    return error


@pytest.mark.parametrize("target", OFF_THE_LIST)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_a_path_off_the_list(proxy: Proxy, method: str, target: str) -> None:
    received = answer(proxy, request(method, target))
    assert status(received) == 404
    error = _error(received)
    if error["code"] != "not_found":
        assert error["code"] == "path_not_allowed"
        assert "PROXY_ALLOWED_PATHS" in error["message"]


@pytest.mark.parametrize("target", NO_ROUTE)
def test_no_route(proxy: Proxy, target: str) -> None:
    received = answer(proxy, request("GET", target))
    assert (status(received), _error(received)["code"]) == (404, "not_found")


def test_authority_form(proxy: Proxy) -> None:
    assert status(answer(proxy, request("CONNECT", "evil.example:443"))) == 404


def test_another_host_is_not_asked(proxy: Proxy, upstream: Upstream) -> None:
    """The target's host is the client's affair: the upstream is the provider's."""
    upstream.play(replies.answer(200, b"{}"))
    target = "http://evil.example/v1/models?a=b"
    assert status(answer(proxy, request("GET", target))) == 200
    asked = upstream.exchange().request
    assert asked.target == "/v1/models?a=b"
    assert asked.headers["host"] == f"127.0.0.1:{upstream.port}"


@pytest.mark.parametrize(
    "list_", ["files batches/*", "files,batches/*", " files,\n batches/* "]
)
def test_the_operator_has_another_list(
    start_proxy: StartProxy, upstream: Upstream, list_: str
) -> None:
    proxy = start_proxy(PROXY_ALLOWED_PATHS=list_)
    upstream.play(replies.answer(200, b"{}"))
    for path, code in {
        "files": 200,
        "batches/b_1/cancel": 200,
        "batches": 404,
        "files/f_1": 404,
        "models": 404,
    }.items():
        assert send(proxy, "GET", f"/v1/{path}").status_code == code
    assert len(upstream.exchanges) == 2


@pytest.mark.parametrize("method", ["TRACE", "PURGE", "get", "PROPFIND"])
def test_a_method_that_is_not_taken(proxy: Proxy, method: str) -> None:
    received = answer(proxy, request(method, "/v1/models"))
    assert status(received) == 405
    assert b"\r\nallow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n" in received
