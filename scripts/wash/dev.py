"""`wash dev` as a process: started, awaited and stopped.

with wash_dev(workload, environ, folder, tell=print) as server:
    httpx.get(server.url + "/health")
"""

import json
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from scripts.room import room_variables
from scripts.wash.config import wash_config
from scripts.wash.workload import Workload

WASH = Path(sys.executable).with_name("wash")
START_SECONDS = 300.0
"""wash compiles the file twice, each time anew: a busy machine takes minutes."""
STOP_SECONDS = 20.0

_LISTENING = re.compile(r"HTTP server listening addr=(\S+)")
_LOGGED = re.compile(r"\d{4}-\d\d-\d\dT")
_READY = "listening for HTTP requests"
"""Said when the workload runs; until then every request gets a 404."""


class WashFailed(Exception):
    """`wash dev` ended or did not come up; the message is what it said itself."""


class WashDev:
    """One server; `environ` is that of wash, of which guests see what is named.

    Unless it says otherwise, there is room for the instances of many requests.
    `tell` gets every line that wash and its guests write, without its end.
    """

    def __init__(
        self,
        workload: Workload,
        environ: Mapping[str, str],
        folder: Path,
        tell: Callable[[str], None],
        user_config: Path | None = None,
    ) -> None:
        self.url = ""
        self._tell = tell
        self._said: list[str] = []
        self._is_ready = False
        self._ended = False
        self._changed = threading.Condition()
        self._process = subprocess.Popen(
            wash_command(write_config(workload, folder), user_config),
            env=room_variables() | dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """Of wash, in which the guests run."""
        return self._process.pid

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens."""
        host, _, port = self.url.removeprefix("http://").rpartition(":")
        return host.strip("[]"), int(port)

    def wait_ready(self, seconds: float = START_SECONDS) -> None:
        """Wait until requests are answered. Raises `WashFailed`."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_ready or self._ended, seconds)
            if not self._is_ready:
                what = "ended" if self._ended else f"was not up within {seconds:.0f} s"
                raise WashFailed(f"`wash dev` {what}. {_own_words(self._said)}")

    def wait(self) -> int:
        """Wait until it ends by itself, and return its status."""
        return self._process.wait()

    def stop(self) -> int:
        """End it, streams that are open too, and return its status, 0 if all is well.

        Nothing is left of it, whatever it does.
        """
        self._process.terminate()
        try:
            return self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()
        finally:
            self._reader.join(STOP_SECONDS)

    def _read(self) -> None:
        assert self._process.stdout
        with self._process.stdout as output:
            for line in output:
                self._notice(line.rstrip("\n"))
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def _notice(self, line: str) -> None:
        self._tell(line)
        with self._changed:
            if not self._is_ready:
                self._said.append(line)
            if found := _LISTENING.search(line):
                self.url = f"http://{found[1]}"
            if _READY in line:
                self._is_ready = True
                self._said.clear()
                self._changed.notify_all()


@contextmanager
def wash_dev(
    workload: Workload,
    environ: Mapping[str, str],
    folder: Path,
    tell: Callable[[str], None],
    user_config: Path | None = None,
) -> Iterator[WashDev]:
    """Serve for the length of a block, which begins when requests are answered.

    Its configuration is written into `folder`. Raises `WashFailed`.
    """
    server = WashDev(workload, environ, folder, tell, user_config)
    try:
        server.wait_ready()
        yield server
    finally:
        server.stop()


def write_config(workload: Workload, folder: Path) -> Path:
    """Make `folder` a project of wash, and return it."""
    path = folder / ".wash" / "config.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    workload = replace(workload, component=workload.component.resolve())
    path.write_text(json.dumps(wash_config(workload), indent=2) + "\n")
    return folder


def wash_command(project: Path, user_config: Path | None = None) -> list[str]:
    """Build the command line.

    wash looks for a newer version of itself in the network when it is interactive.
    """
    command = [str(WASH), "-C", str(project), "--non-interactive"]
    if user_config:
        command += ["--user-config", str(user_config)]
    return [*command, "dev"]


def _own_words(said: list[str]) -> str:
    """Return what wash said beside its log and the places in its code."""
    text = "\n".join(line for line in said if not _LOGGED.match(line))
    return " ".join(text.partition("Stack backtrace:")[0].split())
