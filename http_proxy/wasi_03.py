"""The router on WASI 0.3: what `wit/0.3` has it export."""

import random
import sys
from dataclasses import replace

from http_proxy.gateway import cors_headers, decide
from http_proxy.prompts import read_prompt
from http_proxy.routing import GATEWAY, Route, route_name
from wasi_http.wasi_03.bodies import WasiBody
from wasi_http.wasi_03.clock import WasiClock
from wasi_http.wasi_03.replies import build_response, with_headers
from wasi_http.wasi_03.requests import read_head
from wire.ports import Reply
from wire.ports import Request as Head
from wire.request_log import RequestLog, new_request_id
from wire.respond import settle
from wit_world import exports
from wit_world.imports import access, handler
from wit_world.imports.streaming_handler import stream_handle
from wit_world.imports.wasi_http_types import Request, Response


class Handler(exports.Handler):
    """`wasi:http/handler`."""

    async def handle(self, request: Request) -> Response:
        """Answer one request, or have the provider answer it."""
        head = read_head(request)
        log = RequestLog(
            route_name(head.target, GATEWAY),
            new_request_id(random.getrandbits(128)),
            clock=WasiClock(),
            write=sys.stderr.write,
        )
        settled = await settle(_answer(head, request, log), log)
        cors = cors_headers(head, access)
        if isinstance(settled, Reply):
            reply = replace(settled, headers=(*settled.headers, *cors))
            return build_response(reply, log, method=head.method)
        return with_headers(settled, cors) if cors else settled


async def _answer(head: Head, request: Request, log: RequestLog) -> Response | Reply:
    decided = await decide(head, access)
    if isinstance(decided, Reply):
        return decided
    if decided is Route.API:
        return await handler.handle(request)
    return await stream_handle(await read_prompt(head.headers, WasiBody(request)))
