"""What `/v1/` does not serve is refused, and the upstream is never asked."""

import json

import pytest

from tests.e2e import replies
from tests.e2e.client import error_of, send
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
    "/v1/conversations/id",
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
    "/v1/models/..%3b/files",
    "/v1/models/..%23/files",
    "/v1/models/..%3f/files",
    "/v1/models/%u002e%u002e/files",
    "/v1/models/%ef%bc%8e%ef%bc%8e/files",
    "/v1/models/..%20/files",
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


OF_OTHERS = [
    ("GET", "/v1/responses", "POST, OPTIONS"),
    ("DELETE", "/v1/responses/resp_1", "GET, HEAD, OPTIONS"),
    ("POST", "/v1/responses/resp_1/cancel", "GET, HEAD, OPTIONS"),
    ("GET", "/v1/chat/completions", "POST, OPTIONS"),
    ("HEAD", "/v1/chat/completions", "POST, OPTIONS"),
    ("POST", "/v1/chat/completions/chatcmpl-1", "GET, HEAD, OPTIONS"),
    ("DELETE", "/v1/chat/completions/chatcmpl-1", "GET, HEAD, OPTIONS"),
    ("DELETE", "/v1/models/ft:gpt-4.1:org::id", "GET, HEAD, OPTIONS"),
]
"""What lists, changes or deletes what others have stored, and what is allowed there."""


@pytest.mark.parametrize(("method", "target", "allow"), OF_OTHERS)
def test_what_others_have_stored_is_out_of_reach_by_default(
    proxy: Proxy, method: str, target: str, allow: str
) -> None:
    response = send(proxy, method, target)
    assert (response.status_code, response.headers["allow"]) == (405, allow)
    if method != "HEAD":
        error = error_of(response)
        assert error["code"] == "method_not_allowed"
        assert "PROXY_ALLOWED_PATHS" in error["message"]
    asked = send(proxy, "OPTIONS", target)
    assert (asked.status_code, asked.headers["allow"]) == (204, allow)


@pytest.mark.parametrize(("method", "target", "allow"), OF_OTHERS)
def test_a_star_serves_everything(
    start_proxy: StartProxy, upstream: Upstream, method: str, target: str, allow: str
) -> None:
    del allow
    upstream.play(replies.answer(200, b"{}"))
    proxy = start_proxy(PROXY_ALLOWED_PATHS="*")
    assert send(proxy, method, target).status_code == 200
    asked = upstream.exchange().request
    assert (asked.method, asked.target) == (method, target)


def test_a_pattern_that_can_never_match_is_named(start_proxy: StartProxy) -> None:
    response = send(start_proxy(PROXY_ALLOWED_PATHS="/v1/models"), "GET", "/v1/models")
    error = error_of(response)
    assert (response.status_code, error["code"]) == (500, "invalid_setting")
    assert error["message"].startswith("PROXY_ALLOWED_PATHS holds '/v1/models', which")


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
