"""An upstream whose chunks carry their send time: `python -m scripts.bench.upstream`.

The prompt says how many events it sends and how many milliseconds lie between two:
"20 5". All processes of a machine share CLOCK_MONOTONIC, so a reader can subtract.
"""

import argparse
import asyncio
import time

from aiohttp import web

from local_upstream.responses import Event, encode

HEADERS = {"content-type": "text/event-stream; charset=utf-8"}


def main() -> None:
    """Serve on loopback until ended."""
    parser = argparse.ArgumentParser(prog="upstream", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    app = web.Application()
    app.router.add_post("/v1/responses", _responses)
    app.router.add_get("/health", _health)
    port = parser.parse_args().port
    # A held stream would otherwise delay the end by a minute, and 0 means no limit.
    web.run_app(
        app,
        host="127.0.0.1",
        port=port,
        print=None,
        access_log=None,
        shutdown_timeout=0.1,
    )


async def _health(_: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


async def _responses(request: web.Request) -> web.StreamResponse:
    asked = await request.json()
    count, gap_ms = asked["input"].split()
    reply = web.StreamResponse(headers=HEADERS)
    await reply.prepare(request)
    for number in range(int(count)):
        if number and float(gap_ms):
            await asyncio.sleep(float(gap_ms) / 1000)
        await reply.write(encode(_event(number)))
    await reply.write_eof()
    return reply


def _event(number: int) -> Event:
    return {
        "type": "response.output_text.delta",
        "item_id": "msg_bench",
        "output_index": 0,
        "content_index": 0,
        "delta": str(time.monotonic_ns()),
        "logprobs": [],
        "sequence_number": number,
    }


if __name__ == "__main__":
    main()
