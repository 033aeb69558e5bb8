"""What every provider does on WASI 0.2."""

import random
import sys

from wit_world import exports
from wit_world.imports.environment import get_environment
from wit_world.imports.types import ResponseOutparam

from provider.answer import answer
from provider.provider import Provider
from wasi_http.log import open_log
from wasi_http.wasi_02.clock import WasiClock
from wasi_http.wasi_02.outgoing import WasiUpstream
from wasi_http.wasi_02.replies import WasiResponder
from wasi_http.wasi_02.run import run
from wire.ports import Host
from wire.respond import deliver, settle


def export(provider: Provider) -> type[exports.StreamingHandler]:
    """Return what `provider` exports, by the name that `wit/0.2` gives."""

    class StreamingHandler(exports.StreamingHandler):
        def stream_handle(self, prompt: str, response: ResponseOutparam) -> None:
            run(_stream(provider, prompt, WasiResponder(response)))

    return StreamingHandler


async def _stream(provider: Provider, prompt: str, responder: WasiResponder) -> None:
    clock = WasiClock()
    environ = dict(get_environment())
    sys.stderr.write(provider.key_notice(environ))
    host = Host(environ, WasiUpstream(), clock, random.random)
    log = open_log("stream-handle", clock)
    reply = await settle(answer(prompt, provider, host, log), log)
    await deliver(reply, responder, log)
