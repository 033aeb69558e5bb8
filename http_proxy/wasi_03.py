"""The router on WASI 0.3: what `wit/0.3` has it export."""

import os
from dataclasses import replace

from wit_world import exports
from wit_world.imports import access, handler
from wit_world.imports.streaming_handler import stream_handle
from wit_world.imports.wasi_http_types import Request, Response

from http_proxy.gateway import cors_headers, decide
from http_proxy.prompts import read_prompt
from http_proxy.routing import Route, Routes, gateway, prompt_path
from wasi_http.log import open_log
from wasi_http.snapshot import freeze
from wasi_http.wasi_03.client_bodies import ClientBody
from wasi_http.wasi_03.clock import WasiClock
from wasi_http.wasi_03.edge import guarded
from wasi_http.wasi_03.replies import build_response, with_headers
from wasi_http.wasi_03.requests import read_head
from wire.bodies import PacedBody
from wire.ports import Reply
from wire.ports import Request as Head
from wire.request_log import RequestLog
from wire.respond import settle


class Handler(exports.Handler):
    """`wasi:http/handler`."""

    async def handle(self, request: Request) -> Response:
        """Answer one request, or have the provider answer it."""
        log = open_log("unknown", WasiClock())
        return await guarded(_handle(request, log), log)


async def _handle(request: Request, log: RequestLog) -> Response:
    head = read_head(request)
    routes = gateway(prompt_path(os.environ))
    log.route = routes.name(head.target)
    settled = await settle(_answer(head, request, routes), log)
    cors = cors_headers(head, access)
    if isinstance(settled, Reply):
        reply = replace(settled, headers=(*settled.headers, *cors))
        return build_response(reply, log, method=head.method)
    return with_headers(settled, cors) if cors else settled


async def _answer(head: Head, request: Request, routes: Routes) -> Response | Reply:
    decided = await decide(head, routes, access)
    if isinstance(decided, Reply):
        return decided
    if decided is not Route.PROMPT:
        return await handler.handle(request)
    body = ClientBody(request, access.client_timeout() / 1000)
    try:
        prompt = await read_prompt(head.headers, PacedBody(body, WasiClock()))
    finally:
        body.close()
    return await stream_handle(prompt)


freeze()
