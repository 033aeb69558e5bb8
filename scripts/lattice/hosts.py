"""`wash host`: a process that runs workloads, and what can befall it."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from scripts.lattice import workloads
from scripts.lattice.daemons import Daemon, free_port, status_of
from scripts.lattice.workloads import Workload

WASH = Path(sys.executable).with_name("wash")
START_SECONDS = 60.0
DRAIN_SECONDS = 5
"""A host that is told to end says so to probes, and serves this much longer."""
OUTGOING = 1000
"""Connections to the upstream that a workload may hold; 128 unless it is given."""


@dataclass(frozen=True, slots=True)
class Host:
    """A host that runs."""

    name: str
    id: str
    """By which it is addressed over NATS."""
    nats_url: str
    port: int
    """Where it takes requests."""
    probe_port: int
    """Where it answers `/livez` and `/readyz`."""
    daemon: Daemon

    @property
    def url(self) -> str:
        """Where it takes requests."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def is_ready(self) -> bool:
        """Tell whether it wants requests; a host that drains does not."""
        return status_of(self.probe_port, "/readyz") == 200

    def start(self, workload_id: str, workload: Workload) -> None:
        """Start a workload here and wait until it runs. Raises `LatticeError`."""
        workloads.start(self.nats_url, self.id, workload_id, workload)

    def stop(self, workload_id: str) -> None:
        """Stop a workload: its streams go on to their end. Raises `LatticeError`."""
        workloads.stop(self.nats_url, self.id, workload_id)

    def state(self, workload_id: str) -> str:
        """Return a workload's state. Raises `LatticeError`."""
        return workloads.state(self.nats_url, self.id, workload_id)


def start_hosts(
    names: Sequence[str], nats_url: str, home: Path, flags: Sequence[str] = ()
) -> list[Host]:
    """Start hosts whose files are in `home`, and wait until NATS tells of each.

    Raises `LatticeError`, and none of them runs then.
    """
    started: list[_Started] = []

    def spawn() -> None:
        started.extend(_spawn(name, nats_url, home, flags) for name in names)

    try:
        ids = workloads.identify(nats_url, spawn, names)
        return [_ready(host, ids[host.daemon.name], nats_url) for host in started]
    except BaseException:
        for host in started:
            host.daemon.kill()
        raise


class _Started(NamedTuple):
    """A host of which nothing has been heard yet."""

    daemon: Daemon
    port: int
    probe_port: int


def _spawn(name: str, nats_url: str, home: Path, flags: Sequence[str]) -> _Started:
    own = home / name
    own.mkdir(exist_ok=True)
    port, probe_port = free_port(), free_port()
    command = [
        str(WASH),
        "host",
        f"--host-name={name}",
        "--host-group=default",
        "--environment=default",
        f"--scheduler-nats-url={nats_url}",
        f"--data-nats-url={nats_url}",
        "--nats-connect-timeout=10s",
        f"--http-addr=127.0.0.1:{port}",
        f"--probe-addr=127.0.0.1:{probe_port}",
        "--allow-insecure-registries",
        f"--oci-cache-dir={own / 'images'}",
        f"--drain-delay={DRAIN_SECONDS}s",
        f"--max-outbound-http-connections-per-workload={OUTGOING}",
        *flags,
    ]
    # It keeps files below HOME, and reads .wash/ of the folder that it runs in.
    log = home / f"{name}.log"
    daemon = Daemon(name, command, log, {"HOME": str(own)}, folder=own)
    return _Started(daemon, port, probe_port)


def _ready(started: _Started, host_id: str, nats_url: str) -> Host:
    daemon, port, probe_port = started
    host = Host(daemon.name, host_id, nats_url, port, probe_port, daemon)
    daemon.wait_until(lambda: host.is_ready, START_SECONDS)
    return host
