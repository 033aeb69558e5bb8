"""Requests as bytes, for what no client library would send."""

from contextlib import suppress

from tests.e2e.client import Server, connecting


def request(
    method: str, target: str, *lines: bytes, body: bytes = b"", length: int = -1
) -> bytes:
    """Encode a request; `lines` are whole header lines, as they stand."""
    first = f"{method} {target} HTTP/1.1".encode("latin-1")
    declared = len(body) if length < 0 else length
    own = (b"host: proxy", b"connection: close", b"content-length: %d" % declared)
    return b"\r\n".join([first, *own, *lines, b"", body])


def answer(proxy: Server, sent: bytes) -> bytes:
    """Send bytes and return all that comes back before the connection ends."""
    received = b""
    with connecting(proxy) as connection:
        # Who answers before all has been sent need not read the rest.
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(sent)
        while piece := connection.recv(65536):
            received += piece
    return received


def status(received: bytes) -> int:
    """Return the status of an answer."""
    return int(received.split(b" ", 2)[1])
