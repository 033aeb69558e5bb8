"""A client that sends its upload piece by piece, as the test tells it."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from tests.e2e.client import connecting
from tests.e2e.proxy import Proxy

TARGET = "/v1/audio/transcriptions"
CHUNKED = None
"""In place of a length: the upload comes in chunks, and only its end tells its size."""

PLAIN = "content-type: text/plain"
"""Every route takes it."""


class Upload:
    """One request of which the head has been sent."""

    def __init__(self, connection: socket.socket, length: int | None) -> None:
        self.connection = connection
        self._is_chunked = length is CHUNKED

    def send(self, piece: bytes) -> None:
        """Send one piece."""
        framed = b"%x\r\n%b\r\n" % (len(piece), piece) if self._is_chunked else piece
        self.connection.sendall(framed)

    def finish(self) -> None:
        """End the upload."""
        if self._is_chunked:
            self.connection.sendall(b"0\r\n\r\n")

    def answer(self) -> bytes:
        """Return all that comes until the connection ends."""
        with self.connection.makefile("rb") as received:
            return received.read()


@contextmanager
def uploading(
    proxy: Proxy, length: int | None, target: str = TARGET
) -> Iterator[Upload]:
    """Send the head of an upload of `length` bytes."""
    others = "connection: close\r\ncontent-type: application/octet-stream"
    with sending(proxy, target, length, others) as upload:
        yield upload


@contextmanager
def sending(
    proxy: Proxy, target: str, length: int | None, others: str = PLAIN
) -> Iterator[Upload]:
    """Send the head of a request with a body, and `others` of its headers."""
    chunked = length is CHUNKED
    framing = "transfer-encoding: chunked" if chunked else f"content-length: {length}"
    head = f"POST {target} HTTP/1.1\r\nhost: proxy\r\n{others}\r\n{framing}\r\n\r\n"
    with connecting(proxy) as connection:
        connection.sendall(head.encode())
        yield Upload(connection, length)
