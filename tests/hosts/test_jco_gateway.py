"""The gateway on jco, for which there is no server but the one of its shim."""

from collections.abc import Iterator

import httpx
import pytest

from scripts.hosts.host import Served
from scripts.hosts.jco import JcoTranspile
from tests.e2e import replies
from tests.e2e.client import ask
from tests.e2e.marked import chunks
from tests.e2e.proxy import BUILD
from tests.e2e.upstream import Upstream
from tests.hosts.conftest import LOGS
from tests.hosts.isolation import SOON
from tests.hosts.settings import environment


@pytest.fixture
def served(shared_upstream: Upstream) -> Iterator[Served]:
    environ, home = environment(shared_upstream), LOGS / "jco-transpile"
    with JcoTranspile().start(BUILD / "gateway.wasm", environ, home) as served:
        yield served


def test_it_answers_one_prompt_and_no_more(served: Served, upstream: Upstream) -> None:
    pieces = chunks(3)
    upstream.play(replies.stream(pieces))
    assert ask(served).content == b"".join(pieces)
    with pytest.raises(httpx.ReadTimeout):
        ask(served, patience=SOON)
    assert "Cannot read private member #headers" in served.log()
