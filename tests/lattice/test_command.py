"""What `make lattice` runs: it says how to ask, and leaves nothing behind."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.bench.processes import descendants
from tests.e2e.proxy import BUILD, KNOWN, ROOT
from tests.e2e.upstream import PATIENCE
from tests.lattice.streams import ask


def command() -> subprocess.Popen[str]:
    """Run it; one host is enough, and the pair is tested nowhere else here."""
    environ = {name: value for name, value in os.environ.items() if name not in KNOWN}
    return subprocess.Popen(
        [sys.executable, "-m", "scripts.lattice", "--hosts=1", BUILD / "final.wasm"],
        cwd=ROOT,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_ends_at_once_while_hosts_compile(ending: signal.Signals) -> None:
    process = command()
    assert process.stdout
    with process.stdout as output:
        while "compiles" not in (line := output.readline()):
            assert line, "it ended by itself"
        started = list(descendants(process.pid))
        assert len(started) >= 4
        process.send_signal(ending)
        assert process.wait(PATIENCE) == 0
    assert [pid for pid in started if Path(f"/proc/{pid}").exists()] == []


def test_the_command_serves_until_it_is_interrupted() -> None:
    process = command()
    assert process.stdout
    with process.stdout as output:
        try:
            said = ""
            while "Ctrl-C" not in said:
                line = output.readline()
                assert line, f"it ended after saying {said!r}"
                said += line
            asked = re.search(r"curl -N .* (http://\S+)/openai-proxy", said)
            assert asked
            assert b"response.completed" in ask(asked[1]).content
            host = re.search(r"host-1 .* process (\d+)", said)
            assert host and Path(f"/proc/{host[1]}").exists()
        finally:
            process.send_signal(signal.SIGINT)
            status = process.wait(PATIENCE)
    assert status == 0
    assert not Path(f"/proc/{host[1]}").exists()
