"""A host as a process of its own, with all that it starts itself."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from scripts.hosts.host import HostFailed, Served, served
from scripts.lattice.daemons import status_of

START_SECONDS = 180.0
"""A file that is not compiled yet takes a busy machine most of a minute."""
STOP_SECONDS = 20.0
POLL_SECONDS = 0.05
SHOWN = 2000
"""Characters at the end of a log that an error shows."""


@contextmanager
def serving(
    command: Sequence[str], port: int, environ: Mapping[str, str], log: Path
) -> Iterator[Served]:
    """Run a server for the length of a block, which begins when it answers.

    `environ` is all of its environment but for where programs are found. At the end
    nothing is left of it. Raises `HostFailed`.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as output:
        process = subprocess.Popen(
            list(command),
            env={"PATH": os.environ["PATH"], **environ},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            # Its children, which may outlive it, are ended with it.
            start_new_session=True,
        )
    try:
        _wait_ready(process, port, log)
        yield served(port, process.pid, lambda: _read(log))
    finally:
        _end(process)


def _wait_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    # The file that is served says that it is healthy.
    while status_of(port, "/health", STOP_SECONDS) != 200:
        if process.poll() is not None or time.monotonic() > deadline:
            raise HostFailed(f"{process.args!r} did not come up: {_read(log)[-SHOWN:]}")
        time.sleep(POLL_SECONDS)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End its whole group. On SIGINT wasmtime would wait for open streams."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _read(log: Path) -> str:
    return log.read_text(errors="replace")
