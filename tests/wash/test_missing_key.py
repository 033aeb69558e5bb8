"""No key: said by the command before the start, and to every client after it."""

from collections.abc import Iterator

import pytest

from tests.e2e.client import ask, error_of, send
from tests.e2e.marked import PROMPT
from tests.e2e.upstream import Upstream
from tests.wash.proxy import CommandProxy, path_of


@pytest.fixture(scope="module")
def served(
    component: str, plain_upstream: Upstream, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[CommandProxy]:
    environ = {"OPENAI_BASE_URL": plain_upstream.url}
    home = tmp_path_factory.mktemp("home")
    proxy = CommandProxy(f"no-key-{component}", [path_of(component)], environ, home)
    yield proxy
    proxy.stop()


def test_the_variable_is_named(
    served: CommandProxy, plain_upstream: Upstream, component: str
) -> None:
    assert "OPENAI_API_KEY is not set: each prompt will be refused." in served.text()
    assert send(served, "GET", "/health").status_code == 200
    responses = [ask(served)]
    if component == "gateway":
        responses.append(send(served, "POST", "/chat", json={"prompt": PROMPT}))
        responses.append(send(served, "GET", "/v1/models"))
    for response in responses:
        error = error_of(response)
        assert (response.status_code, error["code"]) == (500, "missing_api_key")
        assert "OPENAI_API_KEY" in error["message"]
    assert plain_upstream.connections == 0
