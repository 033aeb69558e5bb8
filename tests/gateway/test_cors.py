"""Pages of other origins: none may read a reply unless the operator names it."""

import queue

import httpx
import pytest

from tests.e2e import replies
from tests.e2e.client import TEXT, send, streaming
from tests.e2e.conftest import StartProxy
from tests.e2e.exchange import Exchange
from tests.e2e.marked import PROMPT, chunks
from tests.e2e.proxy import ROUTE, Proxy
from tests.e2e.upstream import Upstream
from tests.gateway.chatting import CHAT, asking, chatting, saying

ORIGIN = "https://chat.example"
OTHERS = [
    "https://evil.example",
    "http://chat.example",
    "https://chat.example:444",
    "https://chat.example.evil.example",
    "https://Chat.example",
    "https://chat.example/",
    "null",
    "*",
    "",
]
TOKEN = "a-token-of-the-tests"
ASKED = {
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization,content-type,x-stainless-lang",
}
TARGETS = [ROUTE, "/v1/responses", "/v1/models", CHAT, "/health/ready"]


@pytest.fixture
def named(start_proxy: StartProxy) -> Proxy:
    """A gateway that names two origins and asks for a token."""
    origins = f"{ORIGIN} http://localhost:3000"
    return start_proxy(PROXY_CORS_ORIGINS=origins, PROXY_ACCESS_TOKENS=TOKEN)


def _cors(response: httpx.Response) -> dict[str, str]:
    return {
        name: value
        for name, value in response.headers.items()
        if name.startswith("access-control-")
    }


@pytest.mark.parametrize("target", [*TARGETS, "/health", "/nowhere"])
def test_off_unless_it_is_set(
    start_proxy: StartProxy, upstream: Upstream, target: str
) -> None:
    upstream.play(replies.stream())
    proxy = start_proxy(PROXY_ACCESS_TOKENS=TOKEN)
    shown = {"origin": ORIGIN, "authorization": f"Bearer {TOKEN}"}
    for method, headers in (
        ("POST", shown | TEXT),
        ("GET", shown),
        ("GET", {"origin": ORIGIN}),
        ("OPTIONS", shown | ASKED),
    ):
        assert not _cors(send(proxy, method, target, headers=headers)), method
    preflight = send(proxy, "OPTIONS", target, headers={"origin": ORIGIN} | ASKED)
    assert not _cors(preflight)
    if target != "/health":
        assert preflight.status_code == 401


@pytest.mark.parametrize("target", TARGETS)
def test_a_preflight_needs_no_token(named: Proxy, target: str) -> None:
    response = send(named, "OPTIONS", target, headers={"origin": ORIGIN} | ASKED)
    assert (response.status_code, response.content) == (204, b"")
    cors = _cors(response)
    assert cors["access-control-allow-origin"] == ORIGIN
    assert "POST" in cors["access-control-allow-methods"]
    assert (
        cors["access-control-allow-headers"] == ASKED["access-control-request-headers"]
    )
    assert "access-control-allow-credentials" not in cors
    assert "origin" in response.headers["vary"].lower()


@pytest.mark.parametrize("origin", OTHERS)
def test_other_origins_get_nothing(
    named: Proxy, upstream: Upstream, origin: str
) -> None:
    upstream.play(replies.stream())
    headers = {"origin": origin}
    preflight = send(named, "OPTIONS", "/v1/models", headers=headers | ASKED)
    assert preflight.status_code == 401
    assert not _cors(preflight)
    shown = headers | {"authorization": f"Bearer {TOKEN}"}
    for target, body in ((ROUTE, PROMPT), ("/v1/responses", PROMPT), (CHAT, asking())):
        response = send(named, "POST", target, content=body, headers=TEXT | shown)
        assert response.status_code == 200
        assert not _cors(response)


@pytest.mark.parametrize("target", [ROUTE, "/v1/responses"])
def test_a_stream_arrives_in_step(
    named: Proxy, upstream: Upstream, target: str
) -> None:
    pieces = chunks(10)
    read = queue.Queue[None]()

    def in_step(exchange: Exchange) -> None:
        replies.say_in_step(exchange, pieces, read)
        exchange.finish()

    upstream.play(in_step)
    headers = TEXT | {"origin": ORIGIN, "authorization": f"Bearer {TOKEN}"}
    with streaming(named, target=target, headers=headers) as response:
        assert _cors(response)["access-control-allow-origin"] == ORIGIN
        assert "x-request-id" in _cors(response)["access-control-expose-headers"]
        arriving = response.iter_raw()
        for piece in pieces:
            assert next(arriving) == piece
            read.put(None)
        assert list(arriving) == []


def test_a_chat_arrives_in_step(named: Proxy, upstream: Upstream) -> None:
    """Its pieces are the guest's, and not of the host's relaying."""
    read = queue.Queue[None]()
    words = list("abcdef")

    def in_step(exchange: Exchange) -> None:
        replies.say_in_step(exchange, saying(*words), read)

    upstream.play(in_step)
    headers = {"origin": ORIGIN, "authorization": f"Bearer {TOKEN}"}
    with chatting(named, headers, format="text") as response:
        assert _cors(response)["access-control-allow-origin"] == ORIGIN
        arriving = response.iter_raw()
        for word in words:
            assert next(arriving) == word.encode()
            read.put(None)
        # The upstream's stream was not whole.
        with pytest.raises(httpx.RemoteProtocolError):
            next(arriving)


def test_a_cut_stream_is_broken_too(named: Proxy, upstream: Upstream) -> None:
    def cut(exchange: Exchange) -> None:
        exchange.read_body()
        exchange.start()
        exchange.send(chunks(1)[0])

    upstream.play(cut)
    headers = TEXT | {"origin": ORIGIN, "authorization": f"Bearer {TOKEN}"}
    with pytest.raises(httpx.RemoteProtocolError):
        send(named, "POST", "/v1/responses", content=PROMPT, headers=headers)


def test_a_page_may_read_an_error(named: Proxy, upstream: Upstream) -> None:
    """Also one of ours: else the page would know only that something failed."""
    upstream.play(replies.answer(404))
    shown = {"origin": ORIGIN, "authorization": f"Bearer {TOKEN}"}
    for target, headers in (
        ("/v1/models", shown),
        ("/v1/files", shown),
        ("/nowhere", shown),
        ("/v1/models", {"origin": ORIGIN}),
    ):
        response = send(named, "GET", target, headers=headers)
        assert response.status_code in (401, 404)
        assert _cors(response)["access-control-allow-origin"] == ORIGIN
