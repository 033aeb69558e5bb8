"""wasmCloud's two hosts: `wash dev` for development, `wash host` of a cluster."""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts.hosts.host import HostFailed, Served, served
from scripts.lattice.daemons import LatticeError
from scripts.lattice.one_host import serve_on_host
from scripts.wash.config import WASH_VERSION, Workload
from scripts.wash.dev import WashFailed, wash_dev

HOSTNAMES = ("127.0.0.1", "proxy", "p")
"""Of the tests' requests: `wash host` answers others with 404."""
POOL = {"pool_size": 4, "max_concurrency": 256}
"""Instances that the gateway's streams share."""
UPSTREAM = "127.0.0.1"
"""The only host that guests may ask."""
_KEY = re.compile("KEY|TOKEN")


@dataclass(frozen=True, slots=True)
class WashDev:
    """`wash dev`, with the settings as it takes them."""

    name: str = f"wash dev {WASH_VERSION}"
    editions: tuple[str, ...] = ("final", "gateway")

    @contextmanager
    def start(
        self, component: Path, environ: Mapping[str, str], home: Path
    ) -> Iterator[Served]:
        """Serve a file; see `Host`."""
        secrets = tuple(name for name in environ if _KEY.search(name))
        settings = tuple(name for name in environ if name not in secrets)
        workload = Workload(
            component, settings, secrets, allowed_hosts=(f"http://{UPSTREAM}",)
        )
        home.mkdir(parents=True, exist_ok=True)
        said: list[str] = []
        own = {name: os.environ[name] for name in ("PATH", "HOME")}
        try:
            with wash_dev(workload, {**own, **environ}, home, said.append) as server:
                port = server.address[1]
                yield served(port, server.pid, lambda: "\n".join(said))
        except WashFailed as error:
            raise HostFailed(str(error)) from error
        finally:
            (home / "host.log").write_text("\n".join(said))


@dataclass(frozen=True, slots=True)
class WashHost:
    """`wash host`, with the workload sent as the operator of a cluster sends it."""

    name: str = f"wash host {WASH_VERSION}"
    editions: tuple[str, ...] = ("final", "gateway")

    @contextmanager
    def start(
        self, component: Path, environ: Mapping[str, str], home: Path
    ) -> Iterator[Served]:
        """Serve a file; see `Host`."""
        home.mkdir(parents=True, exist_ok=True)
        pool = POOL if component.stem == "gateway" else {}
        try:
            with serve_on_host(
                component,
                environ,
                allowed_hosts=(UPSTREAM,),
                hostnames=HOSTNAMES,
                home=home,
                **pool,
            ) as host:
                log = host.daemon.log
                yield served(host.place.port, host.daemon.pid, log.read_text)
        except LatticeError as error:
            raise HostFailed(str(error)) from error
