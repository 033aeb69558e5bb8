"""The router on WASI 0.2: what `wit/0.2` has it export."""

import os

from wit_world import exports
from wit_world.imports.streaming_handler import stream_handle
from wit_world.imports.types import IncomingRequest, ResponseOutparam

from http_proxy.answer import answer_or_prompt
from http_proxy.routing import pair, prompt_path
from wasi_http.log import open_log
from wasi_http.snapshot import freeze
from wasi_http.wasi_02.bodies import WasiBody
from wasi_http.wasi_02.clock import WasiClock
from wasi_http.wasi_02.replies import WasiResponder
from wasi_http.wasi_02.requests import read_head
from wasi_http.wasi_02.run import run
from wire.bodies import GRACE_SECONDS, PacedBody


class IncomingHandler(exports.IncomingHandler):
    """`wasi:http/incoming-handler`."""

    def handle(self, request: IncomingRequest, response_out: ResponseOutparam) -> None:
        """Answer one request, or have the provider answer it."""
        prompt = run(_answer(request, response_out))
        if prompt is not None:
            stream_handle(prompt, response_out)


async def _answer(request: IncomingRequest, outparam: ResponseOutparam) -> str | None:
    head = read_head(request)
    routes = pair(prompt_path(os.environ))
    clock = WasiClock()
    log = open_log(routes.name(head.target), clock)
    with request:
        body = WasiBody(request.consume(), patience=GRACE_SECONDS)
        try:
            responder = WasiResponder(outparam)
            paced = PacedBody(body, clock)
            return await answer_or_prompt(head, paced, routes, responder, log)
        finally:
            body.close()


freeze()
