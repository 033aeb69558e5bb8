"""A client that sends a request's body slowly, or stops."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.e2e.client import connecting
from tests.e2e.proxy import Proxy
from tests.gateway.uploading import CHUNKED, Upload


@contextmanager
def sending(proxy: Proxy, target: str, length: int | None) -> Iterator[Upload]:
    """Send the head of a request of plain text, which every route takes."""
    chunked = length is CHUNKED
    framing = "transfer-encoding: chunked" if chunked else f"content-length: {length}"
    head = (
        f"POST {target} HTTP/1.1\r\nhost: proxy\r\ncontent-type: text/plain\r\n"
        f"{framing}\r\n\r\n"
    )
    with connecting(proxy) as connection:
        connection.sendall(head.encode())
        yield Upload(connection, length)


def ended(connection: socket.socket) -> bytes:
    """Return all that comes until the server ends the connection."""
    received = b""
    try:
        while piece := connection.recv(65536):
            received += piece
    except ConnectionResetError:
        pass  # What it has not read, it resets.
    return received


def error_in(received: bytes) -> dict[str, Any]:
    """Return the error in an answer, whose body may be in one chunk."""
    start, end = received.index(b'{"error"'), received.rindex(b"}") + 1
    error: dict[str, Any] = json.loads(received[start:end])["error"]
    return error
