"""What every provider does on WASI 0.3."""

import random
import sys

from wit_world import exports
from wit_world.imports.environment import get_environment
from wit_world.imports.wasi_http_types import Request, Response

from provider.access import OPEN_NOTICE, Access
from provider.answer import answer
from provider.provider import Provider
from provider.routes import route_name, serve
from wasi_http.log import open_log
from wasi_http.wasi_03.client_bodies import ClientBody
from wasi_http.wasi_03.clock import WasiClock
from wasi_http.wasi_03.edge import guarded
from wasi_http.wasi_03.outgoing import WasiUpstream
from wasi_http.wasi_03.replies import build_response
from wasi_http.wasi_03.requests import read_head
from wire.ports import Host
from wire.request_log import RequestLog
from wire.respond import settle

Exports = tuple[
    type[exports.StreamingHandler], type[exports.Handler], type[exports.Access]
]


def export(provider: Provider) -> Exports:
    """Return what `provider` exports, by the names that `wit/0.3` gives."""
    gateway = Gateway(provider)

    class StreamingHandler(exports.StreamingHandler):
        async def stream_handle(self, prompt: str) -> Response:
            return await gateway.stream_handle(prompt)

    class Handler(exports.Handler):
        async def handle(self, request: Request) -> Response:
            return await gateway.handle(request)

    class Access(exports.Access):
        def admit(self, authorization: list[bytes]) -> bool:
            return gateway.admit(authorization)

        def setting_error(self) -> str | None:
            return gateway.setting_error()

        def allow_origin(self, origin: str) -> bool:
            return gateway.allow_origin(origin)

        def client_timeout(self) -> int:
            return gateway.client_timeout()

    return StreamingHandler, Handler, Access


class Gateway:
    """A provider's part of the gateway; each instance has one."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._has_warned = False

    async def stream_handle(self, prompt: str) -> Response:
        """Answer one prompt."""
        log = open_log("stream-handle", WasiClock())
        return await guarded(self._answer(prompt, log), log)

    async def handle(self, request: Request) -> Response:
        """Serve one request from the upstream."""
        log = open_log("unknown", WasiClock())
        return await guarded(self._serve(request, log), log)

    def admit(self, authorization: list[bytes]) -> bool:
        """Compare a token with those of the environment."""
        access = self._access()
        if not self._has_warned:
            self._has_warned = True
            self._warn(access)
        return access.admits(authorization)

    def setting_error(self) -> str | None:
        """Say why nobody may enter."""
        return self._access().setting_error

    def allow_origin(self, origin: str) -> bool:
        """Compare an origin with those of the settings."""
        return self._access().allows_origin(origin)

    def client_timeout(self) -> int:
        """Return how many milliseconds a client may be silent in a body."""
        return self._access().client_timeout_ms

    def _warn(self, access: Access) -> None:
        """Say once what an operator should know of the settings."""
        if access.is_open:
            sys.stderr.write(OPEN_NOTICE)
        sys.stderr.write(self._provider.key_notice(dict(get_environment())))

    async def _answer(self, prompt: str, log: RequestLog) -> Response:
        reply = await settle(answer(prompt, self._provider, self._host(), log), log)
        return build_response(reply, log, method="POST")

    async def _serve(self, request: Request, log: RequestLog) -> Response:
        head = read_head(request)
        log.route = route_name(head.target)
        body = ClientBody(request, self._access().client_timeout_ms / 1000)
        served = serve(head, body, self._provider, self._host(), log)
        return build_response(await settle(served, log), log, method=head.method)

    def _access(self) -> Access:
        return self._provider.read_access(dict(get_environment()))

    def _host(self) -> Host:
        environ = dict(get_environment())
        return Host(environ, WasiUpstream(), WasiClock(), random.random)
