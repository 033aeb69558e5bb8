import json
from typing import Any

from openai_component.openai import OPENAI
from provider.answer import answer
from tests.unit.fakes import ENVIRON, KEY, Client, Log, Outcome, host, response, run
from wire.headers import find
from wire.ports import TransportError
from wire.request_log import LogLevel
from wire.respond import deliver, settle

FEW = {**ENVIRON, "PROXY_MAX_RETRIES": "1"}


def ask(
    *outcomes: Outcome, environ: dict[str, str] = ENVIRON, prompt: str = "Hi"
) -> tuple[Client, dict[str, Any]]:
    """Answer a prompt; return what the client saw and the log's last line."""
    given, _, _ = host(*outcomes, environ=environ)
    client, log = Client(), Log()
    run(
        deliver(
            run(settle(answer(prompt, OPENAI, given, log.log), log.log)),
            client,
            log.log,
        )
    )
    return client, dict(json.loads(log.lines[-1])) if log.lines else {}


def error(client: Client) -> dict[str, Any]:
    return dict(json.loads(client.body)["error"])


def test_streams_the_upstreams_reply() -> None:
    client, line = ask(
        response(200, b"data: 1\n\n", b"data: 2\n\n", content_type="text/event-stream")
    )
    assert client.chunks == [b"data: 1\n\n", b"data: 2\n\n"]
    assert find(client.headers, "content-type") == "text/event-stream"
    assert find(client.headers, "x-accel-buffering") == "no"
    assert (line["model"], line["status"], line["outcome"]) == (
        "gpt-4.1",
        200,
        "complete",
    )


def test_counts_retries() -> None:
    client, line = ask(response(503), response(429), response(200, b"x"))
    assert (client.status, line["retries"]) == (200, 2)


def test_passes_the_last_error_on_when_retries_are_used_up() -> None:
    client, line = ask(response(503), response(503), environ=FEW)
    assert (client.status, line["retries"]) == (503, 1)
    assert find(client.headers, "x-should-retry") == "false"


def test_tells_of_a_failed_connection() -> None:
    refused = TransportError("connection-refused")
    client, line = ask(refused, refused, environ=FEW)
    assert (client.status, error(client)["code"]) == (502, "upstream_unreachable")
    assert find(client.headers, "x-should-retry") == "false"
    assert (line["code"], line["cause"]) == (
        "upstream_unreachable",
        "connection-refused",
    )


def test_says_nothing_of_retries_that_were_not_made() -> None:
    client, _ = ask(TransportError("http-request-denied"))
    assert (client.status, error(client)["code"]) == (502, "upstream_denied")
    assert find(client.headers, "x-should-retry") is None


def test_a_missing_key_is_an_error_before_anything_is_sent() -> None:
    client, line = ask(environ={})
    assert (client.status, error(client)["code"]) == (500, "missing_api_key")
    assert line["code"] == "missing_api_key"


def test_the_key_does_not_come_back() -> None:
    client, _ = ask(response(403, f'{{"error": "Bad key {KEY}"}}'.encode()))
    assert client.status == 403
    assert error(client)["message"] == "Bad key [redacted]"


def test_the_log_level_is_the_operators() -> None:
    client, line = ask(response(200, b"x"), environ={**ENVIRON, "LOG_LEVEL": "error"})
    assert (client.status, line) == (200, {})
    given, _, _ = host(response(200, b"x"), environ={**ENVIRON, "LOG_LEVEL": "debug"})
    log = Log()
    run(answer("Hi", OPENAI, given, log.log))
    assert log.log.level is LogLevel.DEBUG
