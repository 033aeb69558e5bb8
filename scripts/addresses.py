"""Addresses to listen on, written as host:port."""

import random
import socket
import subprocess
import time
from ipaddress import ip_address

START_SECONDS = 60.0
LISTENING = range(10_000, 32_768)
"""Ports below those of Linux (32768 on) and of all that follow RFC 6335 (49152 on)."""


def split(addr: str) -> tuple[str, int]:
    """Take it apart; the host is without brackets. Raises `ValueError`."""
    host, _, port = addr.rpartition(":")
    if not (port.isdecimal() and int(port) < 1 << 16):
        raise ValueError(f"{addr} is no address: write HOST:PORT.")
    return host.strip("[]"), int(port)


def is_loopback(addr: str) -> bool:
    """Tell whether no other machine can reach it. Raises `ValueError`."""
    host, _ = split(addr)
    return host == "localhost" or ip_address(host).is_loopback


def is_free(addr: str) -> bool:
    """Tell whether nobody listens there."""
    host, port = split(addr)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError:
        return False
    return True


def free_port() -> int:
    """Return a port of loopback on which nobody listens, chosen at random.

    It is none of those from which a system takes the ports of outgoing connections,
    so none of these can take it before a server listens there.
    """
    while not is_free(f"127.0.0.1:{(port := random.choice(LISTENING))}"):
        pass
    return port


def wait_for(addr: str, process: subprocess.Popen[bytes]) -> bool:
    """Wait until somebody listens on `addr`; False if `process` ended first."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(split(addr), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return True
    return False
