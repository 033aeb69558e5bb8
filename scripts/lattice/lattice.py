"""The whole: NATS, a registry, hosts with one workload on each, a balancer in front."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from scripts.lattice import workloads
from scripts.lattice.balancer import Balancer, start_balancer
from scripts.lattice.daemons import POLL_SECONDS, LatticeError
from scripts.lattice.hosts import Host, places, start_hosts
from scripts.lattice.images import push
from scripts.lattice.nats import Nats, start_nats
from scripts.lattice.registry import Registry, start_registry
from scripts.lattice.workloads import Workload

NAME = "llm/openai-proxy"
HOSTS = 3
NOTICE_SECONDS = 20.0
"""The balancer takes a host out, or in again, long before."""


@dataclass(slots=True)
class Lattice:
    """A lattice that runs."""

    nats: Nats
    registry: Registry
    hosts: dict[str, Host]
    balancer: Balancer
    workload: Workload | None = None
    """What runs on each host."""
    _number: int = field(default=0)

    @property
    def url(self) -> str:
        """Where clients ask: the balancer."""
        return self.balancer.url

    @property
    def workload_id(self) -> str:
        """By which the hosts know what runs now."""
        return f"openai-proxy-{self._number}"

    def push(self, component: Path, version: str) -> str:
        """Push a file and return the image's name. Raises `LatticeError`."""
        image = f"{self.registry.address}/{NAME}:{version}"
        push(image, component, is_plain=True)
        return image

    def deploy(self, workload: Workload) -> dict[str, float]:
        """Start a workload on all hosts at once; return how long each took, in seconds.

        Raises `LatticeError`.
        """
        self.workload = workload
        self._number += 1
        ids = [host.id for host in self.hosts.values()]
        url = self.nats.url
        took = workloads.start_on_all(url, ids, self.workload_id, workload)
        for name in self.hosts:
            self.await_part(name)
        return dict(zip(self.hosts, took, strict=True))

    def update(self, workload: Workload, stream_seconds: float) -> None:
        """Replace what runs, host by host, and lose no request and no stream.

        The new version starts beside the old one, which goes on meanwhile and is then
        stopped. Where the old one has a pool of instances, its streams have to end
        before, in `stream_seconds` at most. Raises `LatticeError`.
        """
        old_id, old, self.workload = self.workload_id, self.workload, workload
        self._number += 1
        for name, host in self.hosts.items():
            self._start_on(host)
            if old and old.pool_size:
                self._empty(name, stream_seconds)
            host.stop(old_id)
            self.balancer.put_in(name)
            self.await_part(name)

    def drain(self, name: str) -> None:
        """Tell a host to end, and wait until the balancer has taken it out.

        Raises `LatticeError`.
        """
        self.hosts[name].daemon.terminate()
        self.await_part(name, takes_part=False)

    def revive(self, name: str) -> None:
        """Start a host that has ended, with what runs on the others.

        Raises `LatticeError`.
        """
        (host,) = start_hosts([self.hosts[name].place])
        self.hosts[name] = host
        self._start_on(host)
        self.await_part(name)

    def await_part(self, name: str, *, takes_part: bool = True) -> None:
        """Wait until the balancer sends requests to a host, or none.

        Raises `LatticeError`.
        """
        await_true(
            lambda: self.balancer.takes_part(name) is takes_part,
            NOTICE_SECONDS,
            f"The balancer does not notice {name}.",
        )

    def _empty(self, name: str, seconds: float) -> None:
        """Let a host have no new requests, and wait for the end of those it has."""
        self.balancer.take_out(name)
        await_true(
            lambda: not self.balancer.streams(name),
            seconds,
            f"Streams on {name} do not end.",
        )

    def _start_on(self, host: Host) -> None:
        if self.workload is None:
            raise LatticeError("Nothing has been deployed.")
        host.start(self.workload_id, self.workload)


@contextmanager
def running(
    home: Path, hosts: int = HOSTS, hostname: str = "127.0.0.1"
) -> Iterator[Lattice]:
    """Run a lattice without a workload; `home` keeps the logs.

    `hostname` is that of the requests by which the balancer probes.
    Raises `LatticeError`.
    """
    with ExitStack() as stack:
        nats = start_nats(home)
        stack.callback(nats.stop)
        registry = start_registry(home)
        stack.callback(registry.daemon.stop)
        started = start_hosts(places(hosts, home, nats.url))
        by_name = {host.name: host for host in started}
        stack.callback(_kill, by_name)
        balancer = start_balancer(started, hostname, home)
        stack.callback(balancer.daemon.stop)
        yield Lattice(nats, registry, by_name, balancer)


def _kill(hosts: Mapping[str, Host]) -> None:
    """End hosts at once: they would serve on for as long as they drain."""
    for host in hosts.values():
        host.daemon.kill()


def await_true(is_so: Callable[[], bool], seconds: float, failure: str) -> None:
    """Wait until `is_so()`. Raises `LatticeError` with the text of `failure`."""
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            raise LatticeError(failure)
        time.sleep(POLL_SECONDS)
