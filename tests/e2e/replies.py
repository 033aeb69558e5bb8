"""What the scripted upstream can be told to do."""

import json
from collections.abc import Iterable
from itertools import cycle
from queue import Queue

from tests.e2e.exchange import Exchange
from tests.e2e.marked import chunks
from tests.e2e.upstream import PATIENCE, Script

JSON = {"content-type": "application/json"}


def answer(
    status: int, body: bytes = b"", headers: dict[str, str] | None = None
) -> Script:
    """Give a whole answer."""

    def script(exchange: Exchange) -> None:
        exchange.read_body()
        length = {"content-length": str(len(body))}
        exchange.start_plain(status, (JSON if headers is None else headers) | length)
        if exchange.request.method != "HEAD":
            exchange.write(body)

    return script


def stream(
    pieces: Iterable[bytes] | None = None, headers: dict[str, str] | None = None
) -> Script:
    """Stream the pieces, one a chunk, and end well."""
    pieces = chunks(3) if pieces is None else pieces

    def script(exchange: Exchange) -> None:
        exchange.read_body()
        exchange.start(200, headers)
        for piece in pieces:
            exchange.send(piece)
        exchange.finish()

    return script


def cut(data: bytes, sizes: list[int]) -> list[bytes]:
    """Cut data into pieces of these sizes, again and again."""
    pieces, start = [], 0
    for size in cycle(sizes):
        if start >= len(data):
            break
        pieces.append(data[start : start + size])
        start += size
    return pieces


def in_turn(*scripts: Script) -> Script:
    """Follow one script after the other, request by request; the last one stays."""
    rest = list(scripts)

    def script(exchange: Exchange) -> None:
        (rest.pop(0) if len(rest) > 1 else rest[0])(exchange)

    return script


def say_in_step(
    exchange: Exchange, pieces: Iterable[bytes], read: "Queue[None]"
) -> None:
    """Send a piece only when the one before has been read; the end is left out."""
    exchange.read_body()
    exchange.start()
    for piece in pieces:
        exchange.send(piece)
        read.get(timeout=PATIENCE)


def silent(exchange: Exchange) -> None:
    """Take the request and never answer."""
    exchange.read_body()
    exchange.wait_closed()


def reset(exchange: Exchange) -> None:
    """Take the request and reset the connection."""
    exchange.read_body()
    exchange.reset()


def openai_error(message: str, type: str, code: str | None = None) -> bytes:
    """Encode an error as the API does: indented, which a rebuilt body would not be."""
    error = {"message": message, "type": type, "param": None, "code": code}
    return json.dumps({"error": error}, indent=2).encode()
