"""One process of the lattice: started, awaited, ended; its output goes to a file."""

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

END_SECONDS = 30.0
"""A process that has not ended this long after SIGTERM is killed."""
POLL_SECONDS = 0.05
LOG_SHOWN = 2000
"""Characters at the end of a log that an error shows."""


class LatticeError(Exception):
    """The lattice cannot be had; the message says why."""


class Daemon:
    """A process that runs until it is told to end."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        log: Path,
        environ: Mapping[str, str] | None = None,
        folder: Path | None = None,
    ) -> None:
        """Start it in `folder`, with `environ` added to the environment."""
        self.name = name
        self.log = log
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                list(command),
                cwd=folder,
                env={**os.environ, **(environ or {})},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                # Ctrl-C is for whoever started it, who then ends it.
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Tell whether it has not ended."""
        return self._process.poll() is None

    def wait_until(self, is_ready: Callable[[], bool], seconds: float) -> None:
        """Wait until `is_ready()`; if that fails, nothing is left of it.

        Raises `LatticeError` if it ends before, or takes longer.
        """
        deadline = time.monotonic() + seconds
        try:
            while not is_ready():
                if not self.is_running or time.monotonic() > deadline:
                    raise LatticeError(self.failure())
                time.sleep(POLL_SECONDS)
        except BaseException:
            self.kill()
            raise

    def failure(self) -> str:
        """Say that it has failed, with the end of its log."""
        state = "is not ready" if self.is_running else "has ended"
        written = self.log.read_text(errors="replace")[-LOG_SHOWN:]
        return f"{self.name} {state}; the end of its log {self.log}:\n{written}"

    def terminate(self) -> None:
        """Ask it to end, and return at once."""
        self._process.send_signal(signal.SIGTERM)

    def wait(self, seconds: float = END_SECONDS) -> int:
        """Wait for its end; return its exit status. Raises `LatticeError`."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired as error:
            raise LatticeError(f"{self.name} does not end.") from error

    def kill(self) -> None:
        """End it as the loss of its machine would: with SIGKILL."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """Ask it to end, and end it by force if it does not."""
        self.terminate()
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()


def listens(port: int) -> bool:
    """Tell whether somebody takes connections on a port of loopback."""
    with socket.socket() as probing:
        probing.settimeout(1)
        return probing.connect_ex(("127.0.0.1", port)) == 0


def status_of(port: int, path: str, seconds: float = 5.0) -> int:
    """Return the status of a GET on loopback, 0 if there is no answer in time."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()
