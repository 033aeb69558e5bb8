"""The README's own command: a stock wasmtime, with no option but those it names."""

import re

from tests.e2e import replies
from tests.e2e.client import ask
from tests.e2e.marked import KEY, chunks
from tests.e2e.proxy import BUILD, ROOT, Proxy
from tests.e2e.upstream import Upstream


def test_the_command_of_the_readme(upstream: Upstream) -> None:
    readme = (ROOT / "README.md").read_text()
    shown = re.search(r"^    wasmtime serve (.*) build/final.wasm$", readme, re.M)
    assert shown
    assert shown[1] == "-Scommon --env OPENAI_API_KEY"
    pieces = chunks(3)
    upstream.play(replies.stream(pieces))
    environ = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": upstream.url}
    proxy = Proxy("stock-wasmtime", environ, BUILD / "final.wasm", flags=())
    try:
        assert ask(proxy).content == b"".join(pieces)
    finally:
        proxy.stop()
