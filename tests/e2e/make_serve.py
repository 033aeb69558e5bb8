"""What `make serve` runs, as a process of the tests."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.addresses import free_port
from scripts.bench.processes import descendants
from tests.e2e.proxy import BUILD, KNOWN, LOGS, ROOT
from tests.e2e.upstream import PATIENCE


def free_address() -> str:
    """Return an address on which nobody listens."""
    return f"127.0.0.1:{free_port()}"


def start(
    address: str,
    log: str,
    settings: dict[str, str],
    component: str = "final",
    config: Path | None = None,
    logs: Path = LOGS,
    further: Iterable[str] = (),
) -> subprocess.Popen[str]:
    """Start it; what it says goes to its output, and what its server logs to `log`."""
    environ = {name: value for name, value in os.environ.items() if name not in KNOWN}
    command = [sys.executable, "-m", "scripts.serve", "--addr", address]
    command += ["--config", str(config)] if config else []
    logs.mkdir(parents=True, exist_ok=True)
    with (logs / f"{log}.log").open("w") as stderr:
        return subprocess.Popen(
            [*command, *further, str(BUILD / f"{component}.cwasm")],
            cwd=ROOT,
            env=environ | {"PYTHONUNBUFFERED": "1"} | settings,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )


@contextmanager
def waiting(
    process: subprocess.Popen[str], address: str
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Wait until it is ready, and hand it out with what it said until then."""
    assert process.stdout
    with process.stdout:
        try:
            said = ""
            while "curl -N" not in said:
                line = process.stdout.readline()
                assert line, f"it ended after saying {said!r}"
                said += line
            yield process, said
        finally:
            process.send_signal(signal.SIGTERM)
            status = process.wait(PATIENCE)
    assert status == 0
    # Nothing is left behind: whoever listened has gone.
    host, port = address.split(":")
    with socket.socket() as probing:
        assert probing.connect_ex((host, int(port))) != 0


def command_lines(pid: int) -> list[bytes]:
    """Return the command lines of a process and of what it has started."""
    pids = [pid, *descendants(pid)]
    return [Path(f"/proc/{each}/cmdline").read_bytes() for each in pids]
