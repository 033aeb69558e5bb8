"""The log on stderr: one JSON line for a request, and nothing secret in any."""

import pytest

from tests.host.client import Client
from tests.host.peers import Broken, Silence
from tests.host.runs import KEY, Run
from tests.host.stage import Provider, Proxy
from tests.host.upstream import JSON, Answer

PROMPT = "The prompt that nobody else may see."
REPLY = b'data: {"delta":"The reply that nobody else may see."}\n\n'
USAGE = b'data: {"usage":{"input_tokens":11,"output_tokens":22}}\n\n'


def environ(level: str) -> dict[str, str]:
    return {"OPENAI_API_KEY": KEY, "LOG_LEVEL": level, "OPENAI_MODEL": "m-1"}


def assert_nothing_secret(run: Run) -> None:
    written = run.stderr.body
    for secret in (KEY.encode(), b"nobody else"):
        assert secret not in written


def test_the_line_of_a_request(provider: Provider) -> None:
    headers = [("x-request-id", b"req_upstream")]
    answer = Answer((REPLY, Silence(2), USAGE), headers=headers, after=1)
    run = provider.stream(answer, prompt=PROMPT, environ=environ("info"))
    assert run.log == [
        {
            "event": "request",
            "request_id": "req_upstream",
            "route": "stream-handle",
            "model": "m-1",
            "status": 200,
            "outcome": "complete",
            "first_byte_ms": 1000.0,
            "duration_ms": 3000.0,
            "chunks": 2,
            "bytes": len(REPLY + USAGE),
            "retries": 0,
            "input_tokens": 11,
            "output_tokens": 22,
        }
    ]
    assert_nothing_secret(run)


def test_the_lines_of_chunks_at_debug(provider: Provider) -> None:
    answer = Answer((REPLY, Silence(2), USAGE))
    run = provider.stream(answer, prompt=PROMPT, environ=environ("debug"))
    first, second, last = run.log
    request_id = last["request_id"]
    assert first == {
        "event": "chunk",
        "request_id": request_id,
        "chunk": 1,
        "bytes": len(REPLY),
        "ms": 0.0,
    }
    assert (second["chunk"], second["ms"]) == (2, 2000.0)
    assert run.reply.header("x-request-id") == request_id.encode()
    assert_nothing_secret(run)


def test_only_failures_at_error(provider: Provider) -> None:
    answers = Answer((REPLY,)), Answer((b"{}",), 400, JSON), Answer((REPLY, Broken()))
    runs = [provider.stream(a, environ=environ("error")) for a in answers]
    assert [[line["outcome"] for line in run.log] for run in runs] == [
        [],
        [],
        ["upstream_broken"],
    ]


@pytest.mark.parametrize("level", ["debug", "info", "error"])
@pytest.mark.parametrize(
    "answer",
    [
        Answer((REPLY, Broken())),
        Answer((REPLY,), 500, [*JSON, ("x-should-retry", b"false")]),
        Answer((f"Bad key {KEY}".encode(),), 401, JSON),
    ],
)
def test_no_failure_brings_a_secret_into_the_log(
    provider: Provider, level: str, answer: Answer
) -> None:
    run = provider.stream(answer, prompt=PROMPT, environ=environ(level))
    assert_nothing_secret(run)


def test_a_client_that_left_is_told_apart(provider: Provider) -> None:
    run = provider.stream(Answer((REPLY,) * 3), client=Client(leaves_after_chunks=1))
    assert [line["outcome"] for line in run.log] == ["client_gone"]


def test_a_request_that_reaches_the_provider_has_one_line(pair: Proxy) -> None:
    run = pair.handle(Answer((REPLY,)), body=(PROMPT.encode(),))
    assert [line["route"] for line in run.log] == ["stream-handle"]
    assert_nothing_secret(run)


def test_a_request_that_the_router_answers_has_one_line(pair: Proxy) -> None:
    secret = "/nobody else?" + PROMPT
    run = pair.handle(target=secret, headers=[("authorization", KEY.encode())])
    (line,) = run.log
    assert (line["route"], line["status"]) == ("unknown", 404)
    assert line["code"] == "not_found"
    assert run.reply.header("x-request-id") == line["request_id"].encode()
    assert_nothing_secret(run)
