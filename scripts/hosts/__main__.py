"""What a host costs before it serves anybody: `python -m scripts.hosts [NAME]`.

Prints a row for each host and edition: seconds and processor seconds from its start,
with a file that is not compiled, to its first answer; then its memory, and the most
that it had. NAME is a part of the hosts' names.
"""

import sys
import tempfile
import time
from pathlib import Path

import httpx

from scripts.bench.processes import (
    cpu_seconds,
    descendants,
    peak_bytes,
    private_bytes,
)
from scripts.hosts.host import BUILD, Host, HostFailed, Served
from scripts.hosts.roster import HOSTS

# Nobody listens there: both components work, and no upstream is needed.
ENVIRON = {
    "OPENAI_API_KEY": "none",
    "OPENAI_BASE_URL": "http://127.0.0.1:9/v1",
    "PROXY_MAX_RETRIES": "0",
}
MIB = 1 << 20


def main() -> int:
    """Measure every host that is asked for; return the exit status."""
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    hosts = [host for host in HOSTS if wanted in host.name]
    print("| host | edition | start | processor time | memory | most |")
    print("|---|---|---|---|---|---|")
    try:
        for host in hosts:
            for edition in host.editions:
                print(measure(host, edition), flush=True)
    except HostFailed as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def measure(host: Host, edition: str) -> str:
    """Start a host, have it answer, and return its row. Raises `HostFailed`."""
    started = time.monotonic()
    with (
        tempfile.TemporaryDirectory() as home,
        host.start(BUILD / f"{edition}.wasm", ENVIRON, Path(home)) as served,
    ):
        seconds = time.monotonic() - started
        processes = [served.pid, *descendants(served.pid)]
        used = sum(map(cpu_seconds, processes))
        _ask(served)
        memory = sum(map(private_bytes, processes)) / MIB
        most = sum(map(peak_bytes, processes)) / MIB
    figures = f"{seconds:.0f} s | {used:.0f} s | {memory:.0f} MiB | {most:.0f} MiB"
    return f"| {host.name} | {edition} | {figures} |"


def _ask(served: Served) -> None:
    with httpx.Client(base_url=served.url, timeout=60, trust_env=False) as client:
        assert client.post(served.route, content="Hello").status_code == 502


if __name__ == "__main__":
    sys.exit(main())
