"""What `make hosts-bench` counts: a host's process and all that it has started."""

import os
import subprocess
import sys

from scripts.bench.processes import descendants, peak_bytes


def test_what_a_process_has_started_is_counted() -> None:
    waiting = [sys.executable, "-c", "input()"]
    with subprocess.Popen(waiting, stdin=subprocess.PIPE) as child:
        assert child.pid in descendants(os.getpid())
        child.communicate(b"\n")
    assert child.pid not in descendants(os.getpid())


def test_the_most_memory_is_in_bytes() -> None:
    assert peak_bytes(os.getpid()) > 1 << 20
