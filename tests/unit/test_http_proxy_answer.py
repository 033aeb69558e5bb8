import json

import pytest

from http_proxy.answer import answer_or_prompt
from http_proxy.routing import pair
from tests.unit.fakes import Client, Log, ScriptedBody, run
from wire.headers import find
from wire.ports import Request


def ask(
    method: str, target: str, body: bytes = b""
) -> tuple[str | None, Client, list[str]]:
    client, log = Client(), Log()
    parts = [body] if body else []
    prompt = run(
        answer_or_prompt(
            Request(method, target, ()), ScriptedBody(*parts), pair(), client, log.log
        )
    )
    return prompt, client, log.lines


def test_a_prompt_is_the_providers_to_answer_and_to_log() -> None:
    prompt, client, lines = ask("POST", "/openai-proxy", b"Hi")
    assert prompt == "Hi"
    assert (client.status, lines) == (0, [])


def test_health() -> None:
    prompt, client, lines = ask("GET", "/health")
    assert prompt is None
    assert (client.status, json.loads(client.body)) == (200, {"status": "healthy"})
    assert find(client.headers, "cache-control") == "no-store"
    assert len(lines) == 1


def test_head_is_get_without_the_body() -> None:
    _, got, _ = ask("GET", "/health")
    _, client, _ = ask("HEAD", "/health")
    assert (client.status, client.body) == (200, b"")
    assert client.headers == got.headers


@pytest.mark.parametrize(
    ("target", "allowed"),
    [
        ("/openai-proxy", "POST, OPTIONS"),
        ("/health", "GET, HEAD, OPTIONS"),
        ("*", "GET, HEAD, POST, OPTIONS"),
    ],
)
def test_options_names_the_methods(target: str, allowed: str) -> None:
    _, client, _ = ask("OPTIONS", target)
    assert (client.status, client.body) == (204, b"")
    assert find(client.headers, "allow") == allowed


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [("GET", "/", 404), ("GET", "/openai-proxy", 405), ("POST", "/openai-proxy", 400)],
)
def test_an_error_is_in_the_wires_own_shape(
    method: str, target: str, status: int
) -> None:
    _, client, lines = ask(method, target)
    assert client.status == status
    assert json.loads(client.body)["error"].keys() == {
        "message",
        "type",
        "param",
        "code",
    }
    assert json.loads(lines[0])["status"] == status


def test_an_error_for_head_has_no_body() -> None:
    _, client, _ = ask("HEAD", "/nowhere")
    assert (client.status, client.body) == (404, b"")
