"""An upstream whose chunks carry their send time: `python -m scripts.bench.upstream`.

The prompt says how many events it sends and how many milliseconds lie between two:
"20 5". All processes of a machine share CLOCK_MONOTONIC, so a reader can subtract.
It speaks bare HTTP/1.1: a web framework would be the slowest part of what is measured.
"""

import argparse
import asyncio
import json
import re
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

from local_upstream.responses import encode

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_HEALTHY = (
    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
    b'content-length: 15\r\n\r\n{"status":"ok"}'
)
_STREAM = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\n"
    b"transfer-encoding: chunked\r\n\r\n"
)
_EVENT = encode(
    {
        "type": "response.output_text.delta",
        "item_id": "msg_bench",
        "output_index": 0,
        "content_index": 0,
        "delta": "SENT",
        "logprobs": [],
        "sequence_number": 0,
    }
).replace(b"SENT", b"%d")
_CHAT = b"POST /v1/chat/completions "
_CHUNK = (
    b'data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1,'
    b'"model":"bench","choices":[{"index":0,"delta":{"content":"%d"},'
    b'"logprobs":null,"finish_reason":null}]}\n\n'
)
_CHAT_END = (
    b'data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1,'
    b'"model":"bench","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n'
    b"data: [DONE]\n\n"
)
BACKLOG = 1024


def main() -> None:
    """Serve on loopback until ended."""
    parser = argparse.ArgumentParser(prog="upstream", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    asyncio.run(_serve(parser.parse_args().port))


async def _serve(port: int) -> None:
    server = await asyncio.start_server(_answer, "127.0.0.1", port, backlog=BACKLOG)
    await server.serve_forever()


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer the requests of one connection, one after the other."""
    with suppress(EOFError, ConnectionError):
        while True:
            head, body = await read_request(reader)
            if head.startswith(b"GET "):
                writer.write(_HEALTHY)
            else:
                await _stream(head, json.loads(body), writer)
    writer.close()


async def read_request(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """Return head and body of the next request."""
    head = await reader.readuntil(b"\r\n\r\n")
    return head, b"".join([piece async for piece in _body(head, reader)])


async def _body(head: bytes, reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    if length := _LENGTH.search(head):
        yield await reader.readexactly(int(length[1]))
    elif b"\r\ntransfer-encoding: chunked" in head.lower():
        while size := int(await reader.readuntil(b"\r\n"), 16):
            yield (await reader.readexactly(size + 2))[:-2]
        await reader.readuntil(b"\r\n")


async def _stream(
    head: bytes, asked: dict[str, Any], writer: asyncio.StreamWriter
) -> None:
    is_chat = head.startswith(_CHAT)
    prompt = asked["messages"][-1]["content"] if is_chat else asked["input"]
    form, last = (_CHUNK, _CHAT_END) if is_chat else (_EVENT, b"")
    count, gap_ms = prompt.split()
    gap = float(gap_ms) / 1000
    writer.write(_STREAM)
    for number in range(int(count)):
        if number and gap:
            await asyncio.sleep(gap)
        _write(writer, form % time.monotonic_ns())
        await writer.drain()
    _write(writer, last)
    writer.write(b"0\r\n\r\n")


def _write(writer: asyncio.StreamWriter, event: bytes) -> None:
    if event:
        writer.write(b"%x\r\n%s\r\n" % (len(event), event))


if __name__ == "__main__":
    main()
