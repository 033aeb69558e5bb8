"""Clients: httpx for whole exchanges, a plain socket where every read counts."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import httpx

from tests.e2e.marked import PROMPT
from tests.e2e.upstream import PATIENCE

Content = str | bytes | Iterator[bytes]
TEXT = {"content-type": "text/plain; charset=utf-8"}


class Server(Protocol):
    """What a client knows of a server."""

    @property
    def url(self) -> str: ...

    @property
    def address(self) -> tuple[str, int]: ...

    @property
    def route(self) -> str:
        """Where it takes prompts."""
        ...


def ask(
    proxy: Server,
    prompt: Content = PROMPT,
    headers: dict[str, str] = TEXT,
    *,
    patience: float = PATIENCE,
) -> httpx.Response:
    """Send a prompt and read the whole reply."""
    parts = {"content": prompt, "headers": headers, "timeout": patience}
    return send(proxy, "POST", proxy.route, **parts)


def send(proxy: Server, method: str, target: str, **parts: Any) -> httpx.Response:
    """Send any request and read the whole reply."""
    with _client(proxy) as client:
        return client.request(method, target, **parts)


@contextmanager
def streaming(
    proxy: Server, prompt: Content = PROMPT, target: str = "", **parts: Any
) -> Iterator[httpx.Response]:
    """Send a prompt and hand out the reply when its head is there."""
    parts = {"headers": TEXT} | parts
    with (
        _client(proxy) as client,
        client.stream(
            "POST", target or proxy.route, content=prompt, **parts
        ) as response,
    ):
        yield response


@contextmanager
def connected(
    proxy: Server, prompt: str = PROMPT, target: str = "", *lines: str
) -> Iterator[socket.socket]:
    """Send a prompt and hand out the socket, from which nothing has been read.

    `lines` are header lines to send beside.
    """
    body = prompt.encode()
    head = "".join(
        f"{line}\r\n"
        for line in (
            f"POST {target or proxy.route} HTTP/1.1",
            "host: proxy",
            "content-type: text/plain",
            f"content-length: {len(body)}",
            *lines,
            "",
        )
    )
    with connecting(proxy) as connection:
        connection.sendall(head.encode() + body)
        yield connection


def connecting(proxy: Server) -> socket.socket:
    """Connect and send nothing yet."""
    return socket.create_connection(proxy.address, PATIENCE)


def read_until(connection: socket.socket, end: bytes) -> bytes:
    """Read until `end` has come."""
    received = b""
    while end not in received:
        piece = connection.recv(65536)
        assert piece, f"closed before {end!r} came"
        received += piece
    return received


def error_of(response: httpx.Response) -> dict[str, Any]:
    """Check that the body is an OpenAI error of four members, and return these."""
    assert response.headers["content-type"] == "application/json"
    body = json.loads(response.content)
    assert list(body) == ["error"]
    error: dict[str, Any] = body["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert isinstance(error["message"], str) and error["message"]
    assert isinstance(error["type"], str)
    return error


def _client(proxy: Server) -> httpx.Client:
    return httpx.Client(base_url=proxy.url, timeout=PATIENCE, trust_env=False)
