"""The provider on WASI 0.2: what `wit/0.2` has it export."""

from openai_component.openai import OPENAI
from provider.wasi_02 import export
from wasi_http.snapshot import freeze

StreamingHandler = export(OPENAI)

freeze()
