"""A single `wash host` with one file on it, for whoever wants to ask just that."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from scripts.lattice.hosts import INSTANCES, Host, places, start_hosts
from scripts.lattice.images import push
from scripts.lattice.nats import start_nats
from scripts.lattice.registry import start_registry
from scripts.lattice.workloads import Workload

IMAGE = "llm/openai-proxy"
WORKLOAD_ID = "openai-proxy-1"


@contextmanager
def serve_on_host(
    component: Path,
    environment: Mapping[str, str],
    *,
    allowed_hosts: Sequence[str] = ("127.0.0.1",),
    hostnames: Sequence[str] = ("127.0.0.1", "localhost"),
    pool_size: int = 0,
    max_concurrency: int = 0,
    home: Path | None = None,
    flags: Sequence[str] = INSTANCES,
) -> Iterator[Host]:
    """Run a file of build/ on a host, with NATS and a registry, all on loopback.

    It serves when the block begins; `hostnames` are those of requests that it takes.
    `home` keeps the logs, the guest's among them in `host-1.log`. `flags` are further
    ones of `wash host`: without any, it serves some 30 requests at once.
    Raises `LatticeError`.
    """
    with ExitStack() as stack:
        if home is None:
            home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        nats = start_nats(home)
        stack.callback(nats.stop)
        registry = start_registry(home)
        stack.callback(registry.daemon.stop)
        image = f"{registry.address}/{IMAGE}:1"
        push(image, component, is_plain=True)
        (host,) = start_hosts(places(1, home, nats.url, flags))
        stack.callback(host.daemon.kill)
        host.start(
            WORKLOAD_ID,
            Workload(
                image,
                environment,
                allowed_hosts=tuple(allowed_hosts),
                hostnames=tuple(hostnames),
                pool_size=pool_size,
                max_concurrency=max_concurrency,
            ),
        )
        yield host
