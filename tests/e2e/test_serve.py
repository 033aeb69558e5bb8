"""What `make serve` runs: the first thing that a newcomer sees."""

import re
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from tests.e2e import replies
from tests.e2e.make_serve import command_lines, free_address, start, waiting
from tests.e2e.marked import KEY, PROMPT
from tests.e2e.upstream import PATIENCE, Upstream


@contextmanager
def _serving(
    address: str, log: str, **settings: str
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Serve, and hand out the process and what it said until it was ready."""
    with waiting(start(address, log, settings), address) as serving:
        yield serving


def test_without_a_key_it_uses_the_local_upstream() -> None:
    address = free_address()
    with _serving(address, "serve-local") as (_, said):
        assert "local upstream" in said and "OPENAI_API_KEY" in said
        shown = re.search(rf"curl -N --data-binary '.*' (http://{address}/\S+)", said)
        assert shown
        response = httpx.post(
            shown[1], content=PROMPT, timeout=PATIENCE, trust_env=False
        )
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/event-stream")
    assert "PromptMark" in response.text
    assert "event: response.completed\n" in response.text


def test_a_key_is_on_no_command_line(upstream: Upstream) -> None:
    upstream.play(replies.stream())
    address = free_address()
    settings = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": upstream.url}
    with _serving(address, "serve-key", **settings) as (process, said):
        url = f"http://{address}/openai-proxy"
        response = httpx.post(url, content=PROMPT, timeout=PATIENCE, trust_env=False)
        lines = command_lines(process.pid)
    assert response.status_code == 200
    assert upstream.exchange().request.headers["authorization"] == f"Bearer {KEY}"
    assert any(
        b"wasmtime" in line and b"--env=OPENAI_API_KEY" in line for line in lines
    )
    assert not any(KEY.encode() in line for line in lines)
    assert KEY not in said and "local upstream" not in said


def test_a_port_that_is_taken_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        process = start(address, "serve-taken", {})
        said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert f"{address} is taken" in said and "make serve ADDR=" in said


@pytest.mark.parametrize(
    ("component", "tokens"), [("final", ""), ("gateway", ""), ("gateway", " , ")]
)
def test_nobody_outside_is_served_without_a_token(component: str, tokens: str) -> None:
    settings = {"PROXY_ACCESS_TOKENS": tokens}
    process = start("0.0.0.0:0", f"serve-outside-{component}", settings, component)
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "PROXY_ACCESS_TOKENS" in said
    assert "Serving" not in said


def test_a_token_does_not_guard_the_pair_which_asks_for_none() -> None:
    settings = {"PROXY_ACCESS_TOKENS": "token"}
    process = start("0.0.0.0:0", "serve-outside-token", settings)
    said, _ = process.communicate(timeout=PATIENCE)
    assert (process.returncode, "Serving" in said) == (1, False)
    address = free_address()
    with _serving(address, "serve-inside-token", **settings) as (_, said):
        assert "asks for no token: PROXY_ACCESS_TOKENS has no effect" in said


def test_a_key_that_is_too_short_to_be_searched_for_is_told_of(
    upstream: Upstream,
) -> None:
    address = free_address()
    settings = {"OPENAI_API_KEY": "sk-1", "OPENAI_BASE_URL": upstream.url}
    with _serving(address, "serve-short-key", **settings) as (_, said):
        assert "OPENAI_API_KEY: the key has fewer than 8 characters" in said
        assert "sk-1" not in said
