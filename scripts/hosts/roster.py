"""All hosts of the table in docs/hosts.md that serve HTTP by themselves."""

from scripts.hosts import jco
from scripts.hosts.host import Host
from scripts.hosts.wasmcloud import POOLED, WashDev, WashHost
from scripts.hosts.wasmtime_serve import NEWEST, OLDEST_GATEWAY, OLDEST_PAIR

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
