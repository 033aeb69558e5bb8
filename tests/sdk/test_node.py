"""OpenAI's Node client, by scripts that print what it gives."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.proxy import BUILD
from tests.sdk.asked import PROMPT
from tests.sdk.conftest import RETRIES
from tests.sdk.pair import Pair, Side

SCRIPTS = Path(__file__).with_name("node")
PACKAGE = BUILD / "node" / "node_modules" / "openai"
FINAL = ("400", "403", "404", "422")
RETRIED = ("409", "429", "500", "503")
NAMES = {
    "400": "BadRequestError",
    "403": "PermissionDeniedError",
    "404": "NotFoundError",
    "409": "ConflictError",
    "422": "UnprocessableEntityError",
    "429": "RateLimitError",
    "500": "InternalServerError",
    "503": "InternalServerError",
}


@pytest.fixture(scope="module", autouse=True)
def node() -> str:
    """Node itself: without it nothing is proved, so its lack is a failure."""
    found = shutil.which("node")
    assert found, "Node.js 20 or later is not installed: see https://nodejs.org"
    assert PACKAGE.is_dir(), f"{PACKAGE} is missing: run `make sdk`, which installs it"
    return found


def _run(node: str, side: Side, script: str, *arguments: str) -> dict[str, Any]:
    """Run a script for one side and return what it prints."""
    environ = {
        "PATH": os.environ["PATH"],
        "OPENAI_BASE_URL": side.base_url,
        "OPENAI_API_KEY": side.api_key,
        "PROMPT": PROMPT,
    }
    command = [node, str(SCRIPTS / script), *arguments]
    ran = subprocess.run(command, env=environ, capture_output=True, timeout=60)
    assert ran.returncode == 0, ran.stderr.decode()
    printed: dict[str, Any] = json.loads(ran.stdout)
    return printed


def _same(pair: Pair, node: str, script: str) -> dict[str, Any]:
    """Return what a script prints, the same on both sides."""
    direct = _run(node, pair.direct, script)
    through = _run(node, pair.gateway, script)
    assert through == direct
    return through


def test_streamed_responses(pair: Pair, node: str) -> None:
    printed = _same(pair, node, "responses_stream.mjs")
    assert printed["events"][-1]["type"] == "response.completed"
    assert printed["final"]["output_text"].endswith(PROMPT)


def test_streamed_chats(pair: Pair, node: str) -> None:
    printed = _same(pair, node, "chat_stream.mjs")
    assert printed["chunks"][-1]["usage"]["total_tokens"] > 0
    assert printed["final"]["choices"][0]["message"]["content"].endswith(PROMPT)


def test_streamed_function_calls(pair: Pair, node: str) -> None:
    printed = _same(pair, node, "tool_stream.mjs")
    [item] = printed["events"][-1]["response"]["output"]
    [call] = printed["message"]["tool_calls"]
    assert json.loads(item["arguments"])["city"] == PROMPT
    assert json.loads(call["function"]["arguments"])["city"] == PROMPT


def test_uploads(pair: Pair, node: str) -> None:
    printed = _same(pair, node, "uploads.mjs")
    assert printed["sha256"] in printed["transcription"]["text"]


def test_broken_streams(pair: Pair, node: str) -> None:
    printed = _same(pair, node, "broken_streams.mjs")
    assert printed["cut"]["chunks"] > 3
    # The client has no name of its own for it: "terminated" is Node's.
    assert printed["cut"]["ended"]["name"] in ("TypeError", "APIConnectionError")
    assert printed["fail"]["ended"]["name"] == "APIError"
    assert printed["slow"]["ended"]["name"] == "APIConnectionTimeoutError"


def test_everything_that_is_stored(pair: Pair, node: str) -> None:
    printed = _same(pair, node, "stored.mjs")
    assert printed["chats"]["listed"]["data"][0]["metadata"] == {"a": "b"}
    assert all(told["deleted"] for told in printed["deleted"].values())
    assert printed["cancelled"]["name"] == "BadRequestError"


def test_by_default_what_is_made_is_read_and_nothing_else(
    default_pair: Pair, node: str
) -> None:
    direct = _run(node, default_pair.direct, "stored.mjs")
    with default_pair.upstream.recording() as records:
        through = _run(node, default_pair.gateway, "stored.mjs")
    assert through["made"] == direct["made"]
    assert through["read"] == direct["read"]
    refused = [
        through["chats"]["listed"],
        through["chats"]["updated"],
        through["cancelled"],
        *through["deleted"].values(),
    ]
    assert {(told["status"], told["code"]) for told in refused} == {
        (405, "method_not_allowed")
    }
    assert {record.method for record in records} == {"GET", "POST"}


def test_errors(pair: Pair, node: str) -> None:
    statuses = (*FINAL, *RETRIED)
    direct = _run(node, pair.direct, "errors.mjs", *statuses)
    with pair.upstream.recording() as records:
        through = _run(node, pair.gateway, "errors.mjs", *statuses)
    for status in statuses:
        # Only the gateway says that it has retried enough for both.
        expected = "false" if status in RETRIED else None
        assert through[status].pop("shouldRetry") == expected
        assert direct[status].pop("shouldRetry") is None
        assert through[status] == direct[status]
        assert through[status]["name"] == NAMES[status]
    assert len(records) == len(FINAL) + len(RETRIED) * (1 + RETRIES)


def test_a_wrong_token(pair: Pair, node: str) -> None:
    stranger = Side(pair.gateway.base_url, "wrong")
    with pair.upstream.recording() as records:
        error = _run(node, stranger, "errors.mjs", "400")["400"]
    told = (error["name"], error["code"])
    assert told == ("AuthenticationError", "invalid_access_token")
    assert records == []


def test_a_key_that_the_upstream_refuses(pair: Pair, node: str) -> None:
    error = _run(node, pair.gateway, "errors.mjs", "401")["401"]
    told = (error["name"], error["code"])
    assert told == ("AuthenticationError", "upstream_key_refused")
