"""A registry for images, on loopback and without TLS."""

from dataclasses import dataclass
from pathlib import Path

from scripts.addresses import free_port
from scripts.lattice.daemons import Daemon, status_of
from scripts.lattice.programs import find

START_SECONDS = 20.0
# See: https://distribution.github.io/distribution/about/configuration/
_CONFIG = """\
version: 0.1
log: {{accesslog: {{disabled: true}}, level: warn}}
storage: {{filesystem: {{rootdirectory: {home}/images}}}}
http: {{addr: "127.0.0.1:{port}"}}
"""


@dataclass(frozen=True, slots=True)
class Registry:
    """A registry that runs."""

    port: int
    daemon: Daemon

    @property
    def address(self) -> str:
        """The first part of an image's name."""
        return f"127.0.0.1:{self.port}"


def start_registry(home: Path) -> Registry:
    """Start one whose files are in `home`. Raises `LatticeError`."""
    port = free_port()
    config = home / "registry.yml"
    config.write_text(_CONFIG.format(home=home, port=port))
    command = [find("docker-registry"), "serve", str(config)]
    daemon = Daemon("docker-registry", command, home / "registry.log")
    daemon.wait_until(lambda: status_of(port, "/v2/") == 200, START_SECONDS)
    return Registry(port, daemon)
