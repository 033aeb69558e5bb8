"""`wasmtime serve` as a process of the tests, its log kept in a file."""

import json
import os
import re
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from provider.settings import document
from scripts.editions import EDITIONS
from scripts.room import room_flags
from scripts.wasmtime import PRECOMPILED, serve_command
from tests.e2e.upstream import PATIENCE

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build"
LOGS = BUILD / "logs" / "e2e"
START_PATIENCE = 90.0
"""A file that is not compiled yet takes a busy machine half a minute."""
KNOWN = {
    name
    for edition in EDITIONS.values()
    for name in (
        document.VARIABLE,
        edition.key_variable.default,
        *(setting.variable for setting in edition.provider.settings),
    )
}

ROUTE = "/openai-proxy"
LogLine = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Edition:
    """What the tests are about, and how it is served."""

    component: Path
    logs: Path
    flags: tuple[str, ...] = ()
    relays: bool = False
    """The host sends streams on by itself, and the guest does not learn their end."""
    route: str = ROUTE
    """Where it takes prompts."""

    def outcome(self, of_stream: str) -> str:
        """Return what the log says of a stream that ended so."""
        return "relayed" if self.relays else of_stream


PAIR = Edition(BUILD / "final.cwasm", LOGS, room_flags())
GATEWAY = Edition(BUILD / "gateway.cwasm", BUILD / "logs" / "gateway", relays=True)


class Proxy:
    """One server; `environ` is all that its guests see."""

    start_patience = START_PATIENCE
    ends_with = -signal.SIGTERM

    def __init__(
        self,
        name: str,
        environ: Mapping[str, str],
        component: Path = BUILD / "final.cwasm",
        flags: tuple[str, ...] = (*room_flags(), *PRECOMPILED),
        logs: Path = LOGS,
    ) -> None:
        self._begin(name, logs)
        command = serve_command(component, "127.0.0.1:0", flags, environ)
        self._run(command, environ, "Serving HTTP on ")

    def _begin(self, name: str, logs: Path) -> None:
        logs.mkdir(parents=True, exist_ok=True)
        self.route = ROUTE
        """Where the tests send what they ask."""
        self._log = (logs / f"{name}.log").open("a")
        self._lines: list[str] = []
        self._changed = threading.Condition()
        self._ended = False

    def _run(self, command: list[str], environ: Mapping[str, str], ready: str) -> None:
        """Start it and wait for the line that begins with `ready` and has its URL."""
        self._process = subprocess.Popen(
            command,
            env={**without_settings(), **environ},
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        try:
            serving = self._wait_for(
                lambda: _last(self._lines, ready), self.start_patience
            )
        except BaseException:
            self._end()
            raise
        self._is_at(serving)

    def _is_at(self, serving: str) -> None:
        found = re.search(r"http://\S+:(\d+)", serving)
        assert found, serving
        self.url = found[0]
        self.address = ("127.0.0.1", int(found[1]))

    @property
    def pid(self) -> int:
        return self._process.pid

    def request_line(self, request_id: str) -> LogLine:
        """Wait for the log line of a request that has ended."""
        start = f'{{"event":"request","request_id":"{request_id}"'
        return self._wait_for_line(lambda: _last(self._lines, start))

    def any_request_line(self) -> LogLine:
        """Wait for a line of a request: for a proxy that gets only one."""
        return self._wait_for_line(lambda: _last(self._lines, '{"event":"request"'))

    def request_lines(self, count: int) -> list[LogLine]:
        """Wait until so many requests have ended, and return their lines."""
        with self._changed:
            self._changed.wait_for(
                lambda: len(self.log_lines("request")) >= count or self._ended, PATIENCE
            )
            return self.log_lines("request")

    def log_lines(self, event: str) -> list[LogLine]:
        """Return the lines about `event` so far."""
        start = f'{{"event":"{event}"'
        with self._changed:
            return [json.loads(line) for line in self._lines if line.startswith(start)]

    def text(self) -> str:
        """Return all that has been logged so far."""
        with self._changed:
            return "".join(self._lines)

    def wait_for_text(self, start: str) -> str:
        """Wait for a line that begins so, and return it."""
        return self._wait_for(lambda: _last(self._lines, start))

    def stop(self) -> None:
        """End the server; it must not have ended before, and no guest trapped."""
        status = self._end()
        assert status == self.ends_with, f"the server ended itself with {status}"
        # After the head a trap is a clean end for the client: nobody else would tell.
        # A host that refuses a call ends the guest too, and does not name it a trap.
        traps = [line for line in self._lines if "wasm backtrace" in line]
        assert not traps, f"a guest trapped: see {self._log.name}"

    def _end(self) -> int:
        self._process.terminate()
        status = self._process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        self._log.close()
        return status

    def _read(self) -> None:
        assert self._process.stdout
        with self._process.stdout as output:
            for line in output:
                self._tell(line)
        self._tell(None)

    def _tell(self, line: str | None) -> None:
        """Keep a line, or with None notice that there will be no more."""
        with self._changed:
            if line is None:
                self._ended = True
            else:
                self._log.write(line)
                self._log.flush()
                self._lines.append(line)
            self._changed.notify_all()

    def _wait_for(
        self, find: Callable[[], str | None], patience: float = PATIENCE
    ) -> str:
        with self._changed:
            self._changed.wait_for(lambda: find() or self._ended, patience)
            line = find()
        assert line, f"no such line in {self._log.name}"
        return line

    def _wait_for_line(self, find: Callable[[], str | None]) -> LogLine:
        line: LogLine = json.loads(self._wait_for(find))
        return line


def _last(lines: list[str], start: str) -> str | None:
    return next((line for line in reversed(lines) if line.startswith(start)), None)


def without_settings() -> dict[str, str]:
    """Keep the developer's own key and settings out of the tests."""
    return {name: value for name, value in os.environ.items() if name not in KNOWN}
