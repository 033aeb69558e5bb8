"""haproxy in front of the hosts: it asks each whether it wants requests.

A host takes part when its probe says that it does not drain, and when the workload
answers there: a host that has just started answers 404 until its workload runs.
"""

import csv
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.addresses import free_port
from scripts.lattice.daemons import Daemon
from scripts.lattice.hosts import Host
from scripts.lattice.programs import find

START_SECONDS = 20.0
CHECK_MS = 1000
"""Between two probes of a host; two that fail take it out."""
# A request goes to another host only while none has got it: it may not be sent twice.
_CONFIG = """\
global
  stats socket {socket} mode 600 level admin
  maxconn 8192
defaults
  mode http
  option http-no-delay
  option abortonclose
  option redispatch 1
  retries 3
  retry-on conn-failure
  timeout connect 2s
  timeout client 1h
  timeout server 1h
frontend clients
  bind 127.0.0.1:{port} backlog 2048
  default_backend hosts
backend hosts
  balance leastconn
{servers}
{probes}
"""
_SERVER = "  server {name} 127.0.0.1:{port} track probe-{name}/host"
_PROBE = """\
backend probe-{name}
  option httpchk
  http-check connect port {probe_port}
  http-check send meth GET uri /readyz
  http-check expect status 200
  http-check connect port {port}
  http-check send meth GET uri /health ver HTTP/1.1 hdr host {hostname}
  http-check expect status 200
  server host 127.0.0.1:{port} check inter {check_ms}ms fastinter 200ms fall 2 rise 1
"""


@dataclass(frozen=True, slots=True)
class Balancer:
    """A haproxy that runs."""

    port: int
    control: Path
    """The socket at which it takes commands."""
    daemon: Daemon

    @property
    def url(self) -> str:
        """Where clients ask."""
        return f"http://127.0.0.1:{self.port}"

    def takes_part(self, name: str) -> bool:
        """Tell whether a host gets new requests."""
        return self._stat(name, "status").startswith(("UP", "no check"))

    def streams(self, name: str) -> int:
        """Return how many requests a host is answering."""
        return int(self._stat(name, "scur"))

    def take_out(self, name: str) -> None:
        """Send a host no new requests; those that it has go on."""
        self._command(f"set server hosts/{name} state drain")

    def put_in(self, name: str) -> None:
        """Send a host requests again, once its probes allow it."""
        self._command(f"set server hosts/{name} state ready")

    def _stat(self, name: str, column: str) -> str:
        rows = csv.DictReader(self._command("show stat").lstrip("# ").splitlines())
        return next(
            row[column]
            for row in rows
            if (row["pxname"], row["svname"]) == ("hosts", name)
        )

    def _command(self, line: str) -> str:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(START_SECONDS)
            connection.connect(str(self.control))
            connection.sendall(line.encode() + b"\n")
            return b"".join(iter(lambda: connection.recv(65536), b"")).decode()


def start_balancer(hosts: Sequence[Host], hostname: str, home: Path) -> Balancer:
    """Start one; `hostname` is that of the requests. Raises `LatticeError`."""
    port, control = free_port(), home / "haproxy.sock"
    values = [
        {
            "name": host.name,
            "port": host.place.port,
            "probe_port": host.place.probe_port,
            "hostname": hostname,
            "check_ms": CHECK_MS,
        }
        for host in hosts
    ]
    config = home / "haproxy.cfg"
    config.write_text(
        _CONFIG.format(
            socket=control,
            port=port,
            servers="\n".join(_SERVER.format(**each) for each in values),
            probes="".join(_PROBE.format(**each) for each in values),
        )
    )
    command = [find("haproxy"), "-db", "-f", str(config)]
    daemon = Daemon("haproxy", command, home / "haproxy.log")
    daemon.wait_until(control.exists, START_SECONDS)
    return Balancer(port, control, daemon)
