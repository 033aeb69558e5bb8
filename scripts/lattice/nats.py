"""NATS, over which the control plane and the hosts talk."""

from dataclasses import dataclass
from pathlib import Path

from scripts.addresses import free_port
from scripts.lattice.daemons import Daemon, listens
from scripts.lattice.programs import find

START_SECONDS = 20.0


@dataclass(slots=True)
class Nats:
    """A NATS server on loopback, which can go down and come up again."""

    home: Path
    port: int
    daemon: Daemon

    @property
    def url(self) -> str:
        """Where clients connect."""
        return f"nats://127.0.0.1:{self.port}"

    def stop(self) -> None:
        """End it."""
        self.daemon.stop()

    def start_again(self) -> None:
        """Start it on the same port. Raises `LatticeError`."""
        self.daemon = _start(self.home, self.port)


def start_nats(home: Path) -> Nats:
    """Start a server whose files are in `home`. Raises `LatticeError`."""
    port = free_port()
    return Nats(home, port, _start(home, port))


def _start(home: Path, port: int) -> Daemon:
    # Secrets travel over it in clear: it must not be reached from outside.
    command = [find("nats-server"), "--addr=127.0.0.1", f"--port={port}"]
    daemon = Daemon("nats-server", command, home / "nats.log")
    daemon.wait_until(lambda: listens(port), START_SECONDS)
    return daemon
