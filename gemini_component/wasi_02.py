"""The provider on WASI 0.2: what `wit/0.2` has it export."""

from gemini_component.gemini import GEMINI
from provider.wasi_02 import export
from wasi_http.snapshot import freeze

StreamingHandler = export(GEMINI)

freeze()
