"""Where the lattice's workload goes: the operator's upstream, or the local one."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from scripts.editions import Edition
from scripts.lattice.daemons import Daemon, free_port, listens

START_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Upstream:
    """What a workload has to be given to reach an upstream."""

    environment: Mapping[str, str] = field(repr=False)
    host: str
    """The only one that the workload may go to."""
    is_local: bool


@contextmanager
def upstream_of(
    edition: Edition, environ: Mapping[str, str], home: Path
) -> Iterator[Upstream]:
    """Take the operator's settings, or run the local upstream if there are none.

    Raises `ConfigurationError`, `LatticeError`.
    """
    if edition.has_upstream(environ):
        names = edition.variables(environ)
        url = edition.sources(environ).read(edition.base_url)
        host = urlsplit(url).hostname or ""
        yield Upstream({name: environ[name] for name in names}, host, is_local=False)
        return
    with local_upstream(home) as port:
        environment = {
            **edition.local_settings,
            edition.key(environ): "local-upstream-takes-any-key",
            edition.base_url.variable: f"http://127.0.0.1:{port}{edition.local_path}",
        }
        yield Upstream(environment, "127.0.0.1", is_local=True)


@contextmanager
def local_upstream(home: Path) -> Iterator[int]:
    """Run the local upstream, and yield its port. Raises `LatticeError`."""
    port = free_port()
    command = [sys.executable, "-m", "local_upstream", f"--port={port}"]
    daemon = Daemon("local_upstream", command, home / "upstream.log")
    try:
        daemon.wait_until(lambda: listens(port), START_SECONDS)
        yield port
    finally:
        daemon.stop()
