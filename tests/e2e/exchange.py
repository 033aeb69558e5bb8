"""One connection to the scripted upstream, with its one request."""

import socket
import struct
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

EVENT_STREAM = {"content-type": "text/event-stream; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Request:
    """The head of a request as it came; header names are lower-case."""

    method: str
    target: str
    headers: dict[str, str]


class Exchange:
    """One connection with one request, for a script to answer."""

    def __init__(self, connection: socket.socket, request: Request) -> None:
        self.request = request
        self.body = b""
        self.sent = 0
        """Bytes of the reply that the kernel has taken."""
        self.closed = threading.Event()
        """The peer has closed the connection."""
        self.closed_at = 0.0
        self._connection = connection

    def read_body(self) -> bytes:
        """Read the request's body to its end."""
        self.body = b"".join(self.pieces())
        return self.body

    def pieces(self) -> Iterator[bytes]:
        """Yield the request's body as it arrives; raises if it breaks off."""
        headers = self.request.headers
        if headers.get("transfer-encoding") == "chunked":
            yield from self._chunks()
        else:
            yield from self._sized(int(headers.get("content-length", "0")))

    def start(self, status: int = 200, headers: dict[str, str] | None = None) -> None:
        """Send the head of a reply, whose body is to come in chunks."""
        chunked = {"transfer-encoding": "chunked"}
        self.start_plain(
            status, (EVENT_STREAM if headers is None else headers) | chunked
        )

    def start_plain(self, status: int, headers: dict[str, str]) -> None:
        """Send the head of a reply with just these headers."""
        lines = [f"HTTP/1.1 {status} Scripted"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self.write("\r\n".join([*lines, "", ""]).encode())

    def send(self, data: bytes) -> None:
        """Send one chunk."""
        self.write(b"%x\r\n%b\r\n" % (len(data), data))

    def finish(self) -> None:
        """End a chunked body well."""
        self.write(b"0\r\n\r\n")

    def write(self, data: bytes) -> None:
        """Send bytes as they are."""
        rest = memoryview(data)
        while rest:
            taken = self._connection.send(rest)
            self.sent += taken
            rest = rest[taken:]

    def reset(self) -> None:
        """End the connection with a TCP reset."""
        linger = struct.pack("ii", 1, 0)
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._connection.close()

    def wait_closed(self) -> None:
        """Send nothing until the peer closes the connection."""
        while self._connection.recv(65536):
            pass
        self.note_closed()

    def closes_within(self, seconds: float) -> bool:
        """Send nothing for so long, or until the peer closes the connection."""
        patience = self._connection.gettimeout()
        self._connection.settimeout(seconds)
        try:
            self.wait_closed()
        except TimeoutError:
            return False
        finally:
            self._connection.settimeout(patience)
        return True

    def note_closed(self) -> None:
        """Remember that and when the peer closed the connection."""
        self.closed_at = time.monotonic()
        self.closed.set()

    def _sized(self, rest: int) -> Iterator[bytes]:
        while rest:
            piece = self._receive(min(rest, 65536))
            rest -= len(piece)
            yield piece

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self._line(), 16):
            yield from self._sized(size)
            assert self._line() == b""
        assert self._line() == b"", "trailers"

    def _line(self) -> bytes:
        line = b""
        while not line.endswith(b"\r\n"):
            line += self._receive(1)
        return line[:-2]

    def _receive(self, limit: int) -> bytes:
        received = self._connection.recv(limit)
        if not received:
            raise ConnectionResetError("closed in the middle of a request")
        return received


def read_head(connection: socket.socket) -> Request | None:
    """Read a request up to its body; None if the peer closed before."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        # One by one, so that the body stays in the socket for the script to read.
        byte = connection.recv(1)
        if not byte:
            return None
        head += byte
    first, *lines = head.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
    method, target, _ = first.split(" ")
    pairs = (line.split(":", 1) for line in lines)
    return Request(method, target, {n.lower(): value.strip() for n, value in pairs})
