"""The provider on WASI 0.3: what `wit/0.3` has it export."""

import random
import sys

from wit_world import exports
from wit_world.imports.environment import get_environment
from wit_world.imports.wasi_http_types import Request, Response

from openai_component.answer import answer
from openai_component.api import forward
from wasi_http.log import open_log
from wasi_http.snapshot import freeze
from wasi_http.wasi_03.bodies import WasiBody
from wasi_http.wasi_03.clock import WasiClock
from wasi_http.wasi_03.edge import guarded
from wasi_http.wasi_03.outgoing import WasiUpstream
from wasi_http.wasi_03.replies import build_response
from wasi_http.wasi_03.requests import read_head
from wire.access import OPEN_NOTICE, read_access
from wire.ports import Host
from wire.request_log import RequestLog
from wire.respond import settle


class StreamingHandler(exports.StreamingHandler):
    """`wasmcloud:ai/streaming-handler`."""

    async def stream_handle(self, prompt: str) -> Response:
        """Answer one prompt."""
        log = open_log("stream-handle", WasiClock())
        return await guarded(_answer(prompt, log), log)


class Handler(exports.Handler):
    """`wasi:http/handler`: the API's own routes."""

    async def handle(self, request: Request) -> Response:
        """Send one request to the upstream and return its reply."""
        log = open_log("/v1/", WasiClock())
        return await guarded(_forward(request, log), log)


class Access(exports.Access):
    """`wasmcloud:ai/access`."""

    has_warned = False

    def admit(self, authorization: list[bytes]) -> bool:
        """Compare a token with those of the environment."""
        access = read_access(_environ())
        if access.is_open and not Access.has_warned:
            Access.has_warned = True
            sys.stderr.write(OPEN_NOTICE)
        return access.admits(authorization)

    def allow_origin(self, origin: str) -> bool:
        """Compare an origin with those of the environment."""
        return read_access(_environ()).allows_origin(origin)


async def _answer(prompt: str, log: RequestLog) -> Response:
    reply = await settle(answer(prompt, _host(), log), log)
    return build_response(reply, log, method="POST")


async def _forward(request: Request, log: RequestLog) -> Response:
    head = read_head(request)
    reply = await settle(forward(head, WasiBody(request), _host(), log), log)
    return build_response(reply, log, method=head.method)


def _environ() -> dict[str, str]:
    return dict(get_environment())


def _host() -> Host:
    return Host(_environ(), WasiUpstream(), WasiClock(), random.random)


freeze()
