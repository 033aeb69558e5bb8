"""The provider on WASI 0.2: what `wit/0.2` has it export."""

from wit_world import exports
from wit_world.imports.types import ResponseOutparam

from gemini_component.gemini import GEMINI
from provider.wasi_02 import stream
from wasi_http.snapshot import freeze


class StreamingHandler(exports.StreamingHandler):
    """`wasmcloud:ai/streaming-handler`."""

    def stream_handle(self, prompt: str, response: ResponseOutparam) -> None:
        """Answer one prompt; returns when the reply has been sent or given up."""
        stream(GEMINI, prompt, response)


freeze()
