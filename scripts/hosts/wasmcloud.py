"""wasmCloud's two hosts: `wash dev` for development, `wash host` of a cluster."""

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from scripts.hosts.host import HostFailed, Served, served
from scripts.lattice.daemons import LatticeError
from scripts.lattice.hosts import Host
from scripts.lattice.one_host import serve_on_host
from scripts.wash.dev import WashFailed, wash_dev
from scripts.wash.workload import Workload

WASH_VERSION = "2.10.3"
"""As package 2.10.4."""
HOSTNAMES = ("127.0.0.1", "proxy", "p")
"""Of the tests' requests: `wash host` answers others with 404."""
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
        # The user's own settings of wash are not those of this host.
        own = {"PATH": os.environ["PATH"], "HOME": str(home)}
        try:
            with wash_dev(workload, {**own, **environ}, home, said.append) as server:
                port = server.address[1]
                yield served(port, server.pid, lambda: "\n".join(said))
        except WashFailed as error:
            raise HostFailed(str(error)) from error
        finally:
            (home / "host.log").write_text("\n".join(said))


@dataclass(frozen=True, slots=True)
class Pool:
    """Instances of the gateway that its requests share."""

    size: int = 0
    """0 makes an instance for each request."""
    concurrency: int = 0
    """Requests that one takes at once."""


@dataclass(frozen=True, slots=True)
class WashHost:
    """`wash host`, with the workload sent as the operator of a cluster sends it."""

    name: str = f"wash host {WASH_VERSION}"
    editions: tuple[str, ...] = ("final", "gateway")
    pool: Pool = Pool()

    @contextmanager
    def start(
        self, component: Path, environ: Mapping[str, str], home: Path
    ) -> Iterator[Served]:
        """Serve a file; see `Host`."""
        try:
            with TemporaryDirectory() as own, _keeping_logs(Path(own), home):
                with self._serve(component, environ, Path(own)) as host:
                    log = host.daemon.log
                    yield served(host.place.port, host.daemon.pid, log.read_text)
        except LatticeError as error:
            raise HostFailed(str(error)) from error

    def _serve(
        self, component: Path, environ: Mapping[str, str], own: Path
    ) -> AbstractContextManager[Host]:
        return serve_on_host(
            component,
            environ,
            allowed_hosts=(UPSTREAM,),
            hostnames=HOSTNAMES,
            pool_size=self.pool.size,
            max_concurrency=self.pool.concurrency,
            home=own,
        )


@contextmanager
def _keeping_logs(own: Path, home: Path) -> Iterator[None]:
    """Keep the logs, and not the images beside them."""
    try:
        yield
    finally:
        home.mkdir(parents=True, exist_ok=True)
        for log in own.glob("*.log"):
            shutil.copy(log, home)


POOLED = WashHost(f"wash host {WASH_VERSION}, poolSize: 4", ("gateway",), Pool(4, 256))
