"""No key: said by the command before the start, and to every client after it.

The host has room for two instances, as an operator may set it.
"""

import select
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.e2e.client import ask, connecting, error_of, read_until, send
from tests.e2e.marked import PROMPT
from tests.e2e.proxy import ROUTE
from tests.e2e.upstream import PATIENCE, Upstream
from tests.gateway.raw import request
from tests.wash.proxy import CommandProxy, path_of

ROOM_FOR_TWO = "66"


@pytest.fixture(scope="module")
def served(
    component: str, plain_upstream: Upstream, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[CommandProxy]:
    environ = {"OPENAI_BASE_URL": plain_upstream.url}
    environ["WASMTIME_POOLING_TOTAL_CORE_INSTANCES"] = ROOM_FOR_TWO
    home = tmp_path_factory.mktemp("home")
    proxy = CommandProxy(f"no-key-{component}", [path_of(component)], environ, home)
    yield proxy
    proxy.stop()


def test_the_variable_is_named(
    served: CommandProxy, plain_upstream: Upstream, component: str
) -> None:
    said = served.text()
    assert "OPENAI_API_KEY" in said and "each prompt will be refused." in said
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


def test_what_is_refused_for_want_of_room(served: CommandProxy) -> None:
    """Only who is refused has an answer before his prompt is whole."""
    begun = request("POST", ROUTE, b"content-type: text/plain", body=b"x", length=2)
    with ExitStack() as stack:
        waiting = [stack.enter_context(connecting(served)) for _ in range(3)]
        for connection in waiting:
            connection.sendall(begun)
        (refused, *_), _, _ = select.select(waiting, [], [], PATIENCE)
        head = read_until(refused, b"\r\n\r\n").lower()
    assert head.startswith(b"http/1.1 500 ")
    assert b"\r\ncontent-length: 0\r\n" in head
    assert b"retry-after" not in head
