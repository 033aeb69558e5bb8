"""The provider on WASI 0.2: what `wit/0.2` has it export."""

import random

from wit_world import exports
from wit_world.imports.environment import get_environment
from wit_world.imports.types import ResponseOutparam

from openai_component.answer import answer
from wasi_http.log import open_log
from wasi_http.snapshot import freeze
from wasi_http.wasi_02.clock import WasiClock
from wasi_http.wasi_02.outgoing import WasiUpstream
from wasi_http.wasi_02.replies import WasiResponder
from wasi_http.wasi_02.run import run
from wire.ports import Host
from wire.respond import deliver, settle


class StreamingHandler(exports.StreamingHandler):
    """`wasmcloud:ai/streaming-handler`."""

    def stream_handle(self, prompt: str, response: ResponseOutparam) -> None:
        """Answer one prompt; returns when the reply has been sent or given up."""
        run(_stream(prompt, WasiResponder(response)))


async def _stream(prompt: str, responder: WasiResponder) -> None:
    clock = WasiClock()
    host = Host(dict(get_environment()), WasiUpstream(), clock, random.random)
    log = open_log("stream-handle", clock)
    await deliver(await settle(answer(prompt, host, log), log), responder, log)


freeze()
