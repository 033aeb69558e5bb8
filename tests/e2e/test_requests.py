"""What the router answers itself: routes, methods, and bodies that are no prompt."""

from collections.abc import Iterator

import pytest

from scripts.check_logs import PROMPT_MARK
from tests.e2e import replies
from tests.e2e.client import TEXT, ask, connecting, error_of, read_until, send
from tests.e2e.conftest import StartProxy
from tests.e2e.proxy import ROUTE, Proxy
from tests.e2e.upstream import Upstream
from tests.gateway.raw import answer, request

LIMIT = 1_048_576


def test_health(proxy: Proxy) -> None:
    response = send(proxy, "GET", "/health")
    assert (response.status_code, response.json()) == (200, {"status": "healthy"})
    assert response.headers["content-type"] == "application/json"
    assert response.headers["cache-control"] == "no-store"


def test_health_as_head_has_no_body(proxy: Proxy) -> None:
    response = send(proxy, "HEAD", "/health")
    assert (response.status_code, response.content) == (200, b"")


def test_a_reply_without_a_body_ends_no_instance(start_proxy: StartProxy) -> None:
    proxy = start_proxy()
    requests = (("OPTIONS", "*"), ("OPTIONS", ROUTE), ("HEAD", "/health"))
    for method, target in requests * 3:
        received = answer(proxy, request(method, target))
        assert received.startswith(b"HTTP/1.1 20")
    # The host says why an instance ended before it says so of the process.
    proxy.request_lines(3 * len(requests))
    assert "wasm backtrace" not in proxy.text()


@pytest.mark.parametrize("target", ["/health?deep=1", "/health?"])
def test_a_query_does_not_change_the_route(proxy: Proxy, target: str) -> None:
    assert send(proxy, "GET", target).status_code == 200


def test_a_prompt_may_have_a_query(proxy: Proxy, upstream: Upstream) -> None:
    upstream.play(replies.stream())
    response = send(proxy, "POST", f"{ROUTE}?a=b", content=PROMPT_MARK, headers=TEXT)
    assert response.status_code == 200
    assert upstream.exchange().request.target == "/v1/responses"


@pytest.mark.parametrize(
    ("target", "allowed"), [(ROUTE, "POST, OPTIONS"), ("/health", "GET, HEAD, OPTIONS")]
)
def test_options(proxy: Proxy, target: str, allowed: str) -> None:
    response = send(proxy, "OPTIONS", target)
    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["allow"] == allowed


@pytest.mark.parametrize(
    "target",
    ["/", "/nowhere", "/openai-proxy/", "/OpenAI-Proxy", "/healthy", "//openai-proxy"],
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_unknown_path(proxy: Proxy, method: str, target: str) -> None:
    # A whole URL, as httpx would make a host of the two slashes.
    response = send(proxy, method, proxy.url + target)
    error = error_of(response)
    assert (response.status_code, error["code"]) == (404, "not_found")
    assert error["type"] == "invalid_request_error"


@pytest.mark.parametrize(
    ("method", "target", "allowed"),
    [
        ("GET", ROUTE, "POST, OPTIONS"),
        ("PUT", ROUTE, "POST, OPTIONS"),
        ("PURGE", ROUTE, "POST, OPTIONS"),
        ("POST", "/health", "GET, HEAD, OPTIONS"),
    ],
)
def test_a_wrong_method(proxy: Proxy, method: str, target: str, allowed: str) -> None:
    response = send(proxy, method, target, content=PROMPT_MARK)
    error = error_of(response)
    assert (response.status_code, error["code"]) == (405, "method_not_allowed")
    assert response.headers["allow"] == allowed


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "application/json"},
        {"content-type": "multipart/form-data; boundary=x"},
        {"content-type": "text/plain; charset=utf-16"},
        {"content-type": "text/plain; charset=iso-8859-1"},
        TEXT | {"content-encoding": "gzip"},
    ],
    ids=lambda headers: headers["content-type"],
)
def test_a_body_of_another_type(proxy: Proxy, headers: dict[str, str]) -> None:
    response = ask(proxy, headers=headers)
    error = error_of(response)
    assert (response.status_code, error["code"]) == (415, "unsupported_media_type")
    assert "text/plain" in response.headers["accept"]


@pytest.mark.parametrize("body", [b"", b"\xef\xbb\xbf"], ids=["nothing", "only a BOM"])
def test_an_empty_prompt(proxy: Proxy, body: bytes) -> None:
    response = ask(proxy, body)
    assert (response.status_code, error_of(response)["code"]) == (400, "empty_prompt")


@pytest.mark.parametrize(
    ("body", "place"),
    [(b"abc\xff", 3), (b"\xc3", 0), (b"\xed\xa0\x80", 0), (b"\xc0\x80", 0)],
    ids=["stray", "cut", "surrogate", "overlong"],
)
def test_a_prompt_that_is_not_utf8(proxy: Proxy, body: bytes, place: int) -> None:
    response = ask(proxy, body)
    error = error_of(response)
    assert (response.status_code, error["code"]) == (400, "invalid_utf8")
    assert f"byte {place} " in error["message"]


def test_a_declared_length_over_the_limit_is_not_read(proxy: Proxy) -> None:
    """The answer comes although not one byte of the body was sent."""
    with connecting(proxy) as connection:
        head = (
            f"POST {ROUTE} HTTP/1.1\r\nhost: p\r\ncontent-length: {LIMIT + 1}\r\n\r\n"
        )
        connection.sendall(head.encode())
        answer = read_until(connection, b"prompt_too_large")
    assert answer.startswith(b"HTTP/1.1 413 ")


def test_a_chunked_body_over_the_limit_is_not_read_to_its_end(proxy: Proxy) -> None:
    """The answer comes although the body has not ended."""
    with connecting(proxy) as connection:
        head = f"POST {ROUTE} HTTP/1.1\r\nhost: p\r\ntransfer-encoding: chunked\r\n\r\n"
        piece = b"x" * (LIMIT + 1)
        connection.sendall(head.encode() + b"%x\r\n%b\r\n" % (len(piece), piece))
        answer = read_until(connection, b"prompt_too_large")
    assert answer.startswith(b"HTTP/1.1 413 ")


def test_a_prompt_of_the_limit_in_chunks(proxy: Proxy, upstream: Upstream) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(LIMIT // 1024):
            yield b"x" * 1024

    upstream.play(replies.stream())
    assert ask(proxy, pieces()).status_code == 200
    assert len(upstream.exchange().body) > LIMIT


def test_a_prompt_that_breaks_off_is_not_asked(start_proxy: StartProxy) -> None:
    proxy = start_proxy()
    with connecting(proxy) as connection:
        head = f"POST {ROUTE} HTTP/1.1\r\nhost: p\r\ncontent-length: 1000\r\n\r\n"
        connection.sendall(f"{head}{PROMPT_MARK}".encode())
    line = proxy.any_request_line()
    assert (line["status"], line["code"]) == (400, "incomplete_prompt")
