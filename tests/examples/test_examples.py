"""The examples as a client sees them, in both editions."""

import json

import pytest

from tests.e2e import replies
from tests.e2e.client import ask, connected, error_of, read_until, send
from tests.e2e.marked import KEY, PROMPT
from tests.e2e.proxy import BUILD
from tests.e2e.upstream import Upstream
from tests.examples.conftest import Serve
from tests.gateway import declared

ECHOES = ("echo_gateway", "echo_pair")
WAYS_OUT = ("outgoing-handler", "wasi:http/client", "wasi:cli/environment@0.3")
LONG = "one more word, and " * 1_000
ENDLESS = LONG * 20
"""More than the sockets between hold: it is still being sent when the client leaves."""


def deltas(body: bytes) -> str:
    """Return the text of an event stream that must be whole."""
    data = [line[6:] for line in body.decode().split("\n") if line.startswith("data: ")]
    *events, last = map(json.loads, data)
    assert last["type"] == "response.completed"
    return "".join(event["delta"] for event in events)


@pytest.mark.parametrize("name", ECHOES)
@pytest.mark.parametrize("prompt", [PROMPT, "één 🙂 日本\r\n", "x" * 100_000, LONG])
def test_a_prompt_comes_back_whole(serve: Serve, name: str, prompt: str) -> None:
    response = ask(serve(name), prompt)
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/event-stream"
    assert "content-length" not in response.headers
    assert deltas(response.content) == prompt


@pytest.mark.parametrize("name", ECHOES)
def test_each_event_is_sent_by_itself(serve: Serve, name: str) -> None:
    with connected(serve(name), "Say it again.") as connection:
        received = read_until(connection, b"\r\n0\r\n\r\n")
    chunks = received.partition(b"\r\n\r\n")[2].split(b"event: ")[1:]
    # Before each event stands the size of its chunk, and after it a line end.
    assert len(chunks) == 4
    assert all(b"\n\n\r\n" in chunk for chunk in chunks)


@pytest.mark.parametrize("name", ECHOES)
def test_a_client_that_leaves_ends_no_other_s_stream(serve: Serve, name: str) -> None:
    """Nor does it trap, which the server's end would tell."""
    with connected(serve(name), LONG) as staying:
        with connected(serve(name), ENDLESS) as leaving:
            read_until(leaving, b"data: ")
        rest = read_until(staying, b"\r\n0\r\n\r\n")
    assert b"response.completed" in rest


def test_the_echo_s_other_routes_are_an_error_like_others(serve: Serve) -> None:
    for target in ("/v1/models", "/health/ready", "/chat"):
        method = "POST" if target == "/chat" else "GET"
        response = send(serve("echo_gateway"), method, target)
        assert response.status_code == 404
        assert error_of(response)["code"] == "not_found"


@pytest.mark.parametrize("name", [*ECHOES, "query_echo"])
def test_the_examples_can_reach_nothing(name: str) -> None:
    asked = declared.imports(BUILD / f"{name}.wasm")
    assert asked and not [each for each in asked if each.startswith(WAYS_OUT)]
    assert not [each for each in asked if "wasmcloud:" in each]


@pytest.mark.parametrize("name", ["query_echo", "query_openai"])
@pytest.mark.parametrize(
    ("method", "target"),
    [("GET", "/"), ("GET", "/?q="), ("POST", "/?q=Hello"), ("GET", "/other?q=Hello")],
)
def test_what_is_no_prompt_is_told_how_to_ask(
    serve: Serve, name: str, method: str, target: str
) -> None:
    response = send(serve(name), method, target)
    assert response.status_code == 404
    assert response.text.startswith("Ask as GET /?q=")


def test_an_own_router_takes_the_project_s_provider(
    serve: Serve, upstream: Upstream
) -> None:
    upstream.play(replies.stream())
    response = send(serve("query_openai"), "GET", "/", params={"q": PROMPT})
    assert response.status_code == 200
    exchange = upstream.exchange()
    assert json.loads(exchange.body)["input"] == PROMPT
    assert exchange.request.headers["authorization"] == f"Bearer {KEY}"
