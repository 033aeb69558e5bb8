"""`wash host`: a process that runs workloads, and what can befall it."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.addresses import free_port
from scripts.lattice import workloads
from scripts.lattice.daemons import Daemon, status_of
from scripts.lattice.workloads import Workload
from scripts.wash.dev import WASH

START_SECONDS = 60.0
DRAIN_SECONDS = 8
"""A host that is told to end says so to probes, serves this much longer, and then
cuts what still runs."""
OUTGOING = 1000
"""Connections to the upstream that a workload may hold; 128 unless it is given."""
LONG_STREAMS = {"WASH_HTTP_RESPONSE_TIMEOUT_SECS": "86400"}
"""Else a pool ends each stream after ten minutes, as if it were whole."""
# Every request of the pair, and of a gateway without a pool, is an instance of its own,
# of some 30 core instances. The pool reserves addresses for each one's memory.
INSTANCES = ("--core-instances=20000", "--default-heap-memory=1GiB")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a host runs: the same again when it is started again."""

    name: str
    home: Path
    nats_url: str
    port: int
    """Where it takes requests."""
    probe_port: int
    """Where it answers `/livez` and `/readyz`."""
    flags: tuple[str, ...] = INSTANCES

    def spawn(self) -> Daemon:
        """Start the process."""
        own = self.home / self.name
        own.mkdir(exist_ok=True)
        # It keeps files below HOME, and reads .wash/ of the folder that it runs in.
        return Daemon(
            self.name,
            self._command(own),
            self.home / f"{self.name}.log",
            {**LONG_STREAMS, **os.environ, "HOME": str(own)},
            folder=own,
        )

    def _command(self, own: Path) -> list[str]:
        return [
            str(WASH),
            "host",
            f"--host-name={self.name}",
            "--host-group=default",
            "--environment=default",
            f"--scheduler-nats-url={self.nats_url}",
            f"--data-nats-url={self.nats_url}",
            "--nats-connect-timeout=10s",
            f"--http-addr=127.0.0.1:{self.port}",
            f"--probe-addr=127.0.0.1:{self.probe_port}",
            "--allow-insecure-registries",
            f"--oci-cache-dir={own / 'images'}",
            f"--drain-delay={DRAIN_SECONDS}s",
            f"--max-outbound-http-connections-per-workload={OUTGOING}",
            *self.flags,
        ]


@dataclass(frozen=True, slots=True)
class Host:
    """A host that runs."""

    place: Place
    daemon: Daemon
    id: str
    """By which it is addressed over NATS; another one each time it starts."""

    @property
    def name(self) -> str:
        """What its logs and the balancer call it."""
        return self.place.name

    @property
    def url(self) -> str:
        """Where it takes requests."""
        return f"http://127.0.0.1:{self.place.port}"

    @property
    def is_ready(self) -> bool:
        """Tell whether it wants requests; a host that drains does not."""
        return status_of(self.place.probe_port, "/readyz") == 200

    def start(self, workload_id: str, workload: Workload) -> None:
        """Start a workload here and wait until it runs. Raises `LatticeError`."""
        workloads.start(self.place.nats_url, self.id, workload_id, workload)

    def stop(self, workload_id: str) -> None:
        """Stop a workload. Raises `LatticeError`.

        Its streams go on to their end, unless it has a pool of instances: these end
        at once, and so do their streams, as if they were whole.
        """
        workloads.stop(self.place.nats_url, self.id, workload_id)

    def state(self, workload_id: str) -> str:
        """Return a workload's state. Raises `LatticeError`."""
        return workloads.state(self.place.nats_url, self.id, workload_id)


def places(
    count: int, home: Path, nats_url: str, flags: Sequence[str] = INSTANCES
) -> list[Place]:
    """Return so many places on free ports, with their files in `home`."""
    return [
        Place(f"host-{number}", home, nats_url, free_port(), free_port(), tuple(flags))
        for number in range(1, count + 1)
    ]


def start_hosts(wanted: Iterable[Place]) -> list[Host]:
    """Start hosts that share one NATS, and wait until it tells of each.

    Raises `LatticeError`, and none of them runs then.
    """
    taken = {place.name: place for place in wanted}
    url = next(iter(taken.values())).nats_url
    daemons: dict[str, Daemon] = {}

    def spawn() -> None:
        for name, place in taken.items():
            daemons[name] = place.spawn()

    try:
        ids = workloads.identify(url, spawn, taken.keys())
        hosts = [Host(taken[name], daemons[name], ids[name]) for name in taken]
        for host in hosts:
            _await_ready(host)
    except BaseException:
        for daemon in daemons.values():
            daemon.kill()
        raise
    return hosts


def _await_ready(host: Host) -> None:
    host.daemon.wait_until(lambda: host.is_ready, START_SECONDS)
