"""The servers that are compared, each in a process of its own on a free port."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from openai_component.settings import BASE_URL, KEY_VARIABLE
from provider.settings.shared import ACCESS_TOKENS
from scripts.addresses import START_SECONDS, free_port
from scripts.bench.client import BenchError
from scripts.editions import SHARING
from scripts.room import room_flags
from scripts.wasmtime import PRECOMPILED, serve_command

FRESH = ("--max-instance-reuse-count=1",)
"""wasmtime's default for WASI 0.2."""
REUSED = ("--max-instance-reuse-count=128",)
TOKEN = "bench"
LOG_SHOWN = 1000
"""Characters of a failed server's log that an error shows."""


@dataclass(frozen=True, slots=True)
class Target:
    """One server, and how to ask it for a stream."""

    name: str
    port: int
    pid: int
    path: str = "/v1/responses"
    takes_prompt: bool = False
    """It is asked with a bare prompt instead of the API's JSON."""
    is_chat: bool = False
    """It is asked as `/chat` is, for simple events."""

    def stream(self, events: int, gap_ms: float) -> bytes:
        """Build a request for so many events, so many milliseconds apart."""
        prompt = f"{events} {gap_ms}"
        if self.takes_prompt:
            return self._post(prompt, "text/plain")
        asked = {"model": "gpt-4.1", "input": prompt, "stream": True}
        if self.is_chat:
            asked = {"prompt": prompt, "format": "events"}
        return self._post(json.dumps(asked), "application/json")

    def health(self) -> bytes:
        """Build the request whose answer costs a server the least."""
        return b"GET /health HTTP/1.1\r\nhost: bench\r\n\r\n"

    def _post(self, body: str, content_type: str) -> bytes:
        return (
            f"POST {self.path} HTTP/1.1\r\nhost: bench\r\n"
            f"authorization: Bearer {TOKEN}\r\ncontent-type: {content_type}\r\n"
            f"content-length: {len(body)}\r\n\r\n{body}"
        ).encode()


@contextmanager
def serve_upstream(logs: Path) -> Iterator[Target]:
    """Run the upstream, which is also what a direct connection goes to."""
    port = free_port()
    command = [sys.executable, "-m", "scripts.bench.upstream", f"--port={port}"]
    with serve(command, dict(os.environ), port, logs / "upstream.log") as pid:
        yield Target("direct", port, pid)


@contextmanager
def serve_proxy(
    name: str, component: Path, upstream: Target, flags: tuple[str, ...], logs: Path
) -> Iterator[Target]:
    """Run the pair under `wasmtime serve` in front of the upstream."""
    with _wasmtime(name, component, upstream, (*room_flags(), *flags), logs) as (
        port,
        pid,
    ):
        yield Target(name, port, pid, "/openai-proxy", takes_prompt=True)


@contextmanager
def serve_gateway(
    component: Path, upstream: Target, flags: tuple[str, ...], logs: Path
) -> Iterator[Target]:
    """Run the gateway under `wasmtime serve` in front of the upstream."""
    given = (*room_flags(), *SHARING, *flags)
    with _wasmtime("gateway", component, upstream, given, logs) as (port, pid):
        yield Target("gateway", port, pid)


@contextmanager
def serve_chat(
    component: Path, upstream: Target, flags: tuple[str, ...], logs: Path
) -> Iterator[Target]:
    """Run another gateway, to be asked at `/chat`: its guest reads every chunk."""
    given = (*room_flags(), *SHARING, *flags)
    with _wasmtime("chat", component, upstream, given, logs) as (port, pid):
        yield Target("gateway /chat", port, pid, "/chat", is_chat=True)


@contextmanager
def _wasmtime(
    name: str, component: Path, upstream: Target, flags: tuple[str, ...], logs: Path
) -> Iterator[tuple[int, int]]:
    """Yield port and process id."""
    port = free_port()
    settings = {
        KEY_VARIABLE.default: "bench",
        BASE_URL.variable: f"http://127.0.0.1:{upstream.port}/v1",
        ACCESS_TOKENS.variable: TOKEN,
    }
    command = serve_command(
        component, f"127.0.0.1:{port}", (*flags, *PRECOMPILED), settings
    )
    with serve(command, os.environ | settings, port, logs / f"{name}.log") as pid:
        yield port, pid


@contextmanager
def serve(
    command: list[str], environ: dict[str, str], port: int, log: Path
) -> Iterator[int]:
    """Run a server and yield its process id; its log is shown if anything fails."""
    with log.open("wb") as file:
        process = subprocess.Popen(
            command, env=environ, stdin=subprocess.DEVNULL, stdout=file, stderr=file
        )
    try:
        _wait_for(port, process)
        yield process.pid
    except BenchError as error:
        written = log.read_text(errors="replace")[:LOG_SHOWN]
        shown = f"\n{log.name}:\n{written}" if written else ""
        raise BenchError(f"{error}{shown}") from error
    finally:
        # On SIGINT wasmtime would wait for the streams that are open.
        process.terminate()
        process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise BenchError(f"A server does not listen: {process.args!r}")
