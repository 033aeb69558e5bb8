"""Addresses to listen on, written as host:port."""

import random
import socket
import subprocess
import time
from ipaddress import ip_address
from urllib.parse import urlsplit

START_SECONDS = 60.0
LISTENING = range(10_000, 32_768)
"""Ports below those of Linux (32768 on) and of all that follow RFC 6335 (49152 on)."""


USUAL_PORTS = {"http": 80, "https": 443}


def complete(addr: str) -> str:
    """Return an operator's address as servers take it. Raises `ValueError`.

    A port alone is one of loopback, and so is `localhost`, which is no IP address.
    """
    host, port = split(f"127.0.0.1:{addr}" if addr.isdecimal() else addr)
    host = "127.0.0.1" if host == "localhost" else host
    try:
        version = ip_address(host).version
    except ValueError:
        raise ValueError(
            f"{addr} is no address to listen on: write PORT, or HOST:PORT with an IP "
            "address or localhost for HOST."
        ) from None
    return f"[{host}]:{port}" if version == 6 else f"{host}:{port}"


def split(addr: str) -> tuple[str, int]:
    """Take it apart; the host is without brackets. Raises `ValueError`."""
    host, _, port = addr.rpartition(":")
    if not (port.isascii() and port.isdecimal() and int(port) < 1 << 16):
        raise ValueError(f"{addr} is no address: write HOST:PORT.")
    return host.strip("[]"), int(port)


def leads_to(url: str, addr: str) -> bool:
    """Tell whether what listens on `addr` would answer for `url`.

    A name is looked up, if the port is that of `addr`.
    """
    parts = urlsplit(url)
    host, port = split(addr)
    if (parts.port or USUAL_PORTS[parts.scheme]) != port:
        return False
    asked = _resolve(parts.hostname or "", port)
    if ip_address(host).is_unspecified:
        return any(_is_local(each) for each in asked)
    return host in asked or any(ip_address(each).is_unspecified for each in asked)


def _resolve(name: str, port: int) -> set[str]:
    try:
        found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except OSError:
        return set()
    return {str(address[0]).partition("%")[0] for *_, address in found}


def _is_local(host: str) -> bool:
    """Tell whether an address is one of this machine's: only there can one listen."""
    return is_free(f"[{host}]:0" if ":" in host else f"{host}:0")


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
