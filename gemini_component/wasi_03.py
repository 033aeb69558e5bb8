"""The provider on WASI 0.3: what `wit/0.3` has it export."""

from wit_world import exports
from wit_world.imports.wasi_http_types import Request, Response

from gemini_component.gemini import GEMINI
from provider.wasi_03 import Gateway
from wasi_http.snapshot import freeze

GATEWAY = Gateway(GEMINI)


class StreamingHandler(exports.StreamingHandler):
    """`wasmcloud:ai/streaming-handler`."""

    async def stream_handle(self, prompt: str) -> Response:
        """Answer one prompt."""
        return await GATEWAY.stream_handle(prompt)


class Handler(exports.Handler):
    """`wasi:http/handler`: the API's own routes, and those made of them."""

    async def handle(self, request: Request) -> Response:
        """Serve one request from the upstream."""
        return await GATEWAY.handle(request)


class Access(exports.Access):
    """`wasmcloud:ai/access`."""

    def admit(self, authorization: list[bytes]) -> bool:
        """Tell whether a request with these values may enter."""
        return GATEWAY.admit(authorization)

    def allow_origin(self, origin: str) -> bool:
        """Tell whether pages of this origin may read the replies."""
        return GATEWAY.allow_origin(origin)


freeze()
