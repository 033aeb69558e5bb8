"""The provider on WASI 0.3: what `wit/0.3` has it export."""

from openai_component.openai import OPENAI
from provider.wasi_03 import export
from wasi_http.snapshot import freeze

StreamingHandler, Handler, Access = export(OPENAI)

freeze()
