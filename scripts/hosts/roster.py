"""All hosts of the table in docs/hosts.md that serve HTTP by themselves."""

from scripts.hosts import jco
from scripts.hosts.host import Host
from scripts.hosts.wasmcloud import POOLED, WashDev, WashHost
from scripts.hosts.wasmtime_serve import (
    NEWEST,
    NEXT,
    OLDEST_GATEWAY,
    OLDEST_PAIR,
    WasmtimeServe,
)

HOSTS: tuple[Host, ...] = (
    OLDEST_PAIR,
    OLDEST_GATEWAY,
    NEWEST,
    WashDev(),
    WashHost(),
    POOLED,
    jco.SHARED,
    jco.ISOLATED,
)

WHERE_FOUND: tuple[WasmtimeServe, ...] = (NEXT,)
"""Hosts that the project does not install, and tests on machines that have them."""
