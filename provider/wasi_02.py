"""What every provider does on WASI 0.2."""

import random

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


def stream(provider: Provider, prompt: str, outparam: ResponseOutparam) -> None:
    """Answer one prompt; returns when the reply has been sent or given up."""
    run(_stream(provider, prompt, WasiResponder(outparam)))


async def _stream(provider: Provider, prompt: str, responder: WasiResponder) -> None:
    clock = WasiClock()
    upstream = provider.reach(WasiUpstream(), clock)
    host = Host(dict(get_environment()), upstream, clock, random.random)
    log = open_log("stream-handle", clock)
    reply = await settle(answer(prompt, provider, host, log), log)
    await deliver(reply, responder, log)
