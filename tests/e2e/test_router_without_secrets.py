"""The router cannot read the key: shown by a probe in its place.

What a component may see is decided by how it is joined to the others, so a probe that
is joined in the same way sees what the router does.
"""

import re

from tests.e2e import replies
from tests.e2e.client import send
from tests.e2e.conftest import StartProxy
from tests.e2e.marked import KEY
from tests.e2e.probe.build import NO_ENVIRONMENT, PROVIDER, build
from tests.e2e.proxy import ROOT
from tests.e2e.upstream import Upstream


def test_the_probe_sees_an_empty_environment(
    start_proxy: StartProxy, upstream: Upstream
) -> None:
    upstream.play(replies.stream())
    probe = start_proxy(build("joined", NO_ENVIRONMENT, PROVIDER))
    assert send(probe, "GET", "/environment").json() == {}
    # The same file's provider has the key all the same.
    assert send(probe, "POST", "/").status_code == 200
    assert upstream.exchange().request.headers["authorization"] == f"Bearer {KEY}"


def test_without_no_environment_it_would_see_the_key(start_proxy: StartProxy) -> None:
    """Else the test above would prove nothing."""
    probe = start_proxy(build("exposed", PROVIDER))
    seen = send(probe, "GET", "/environment").json()
    assert seen["OPENAI_API_KEY"] == KEY


def test_the_router_is_joined_as_the_probe_is() -> None:
    makefile = (ROOT / "Makefile").read_text()
    joined = re.search(r"build/wac plug (.*?) -o", makefile.replace("\\\n", ""))
    assert joined
    assert joined[1].split() == [
        "build/http_proxy.wasm",
        *("--plug", "build/no_environment.wasm"),
        *("--plug", "build/openai_component.wasm"),
    ]
