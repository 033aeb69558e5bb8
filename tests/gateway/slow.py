"""A client that sends a request's body slowly, or stops."""

import json
import socket
from typing import Any


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
