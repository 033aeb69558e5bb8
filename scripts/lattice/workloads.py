"""What runs on a host, and the hosts' own interface to start and stop it: NATS.

It is what wasmCloud's operator says to a host, JSON of the messages of
`wasmcloud.runtime.v2`, and internal to it: in a cluster the interface is the resource
`WorkloadDeployment`. Each call connects anew, so none depends on an earlier one.

See: https://github.com/wasmCloud/wasmCloud/tree/main/proto/wasmcloud/runtime/v2
"""

import asyncio
import json
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import nats
from nats.aio.client import Client
from nats.errors import Error

from scripts.lattice.daemons import LatticeError

CONNECT_SECONDS = 5
HEARTBEAT_SECONDS = 30.0
"""A host sends one when it starts, and then every 15 s."""
START_SECONDS = 300.0
"""A busy machine compiles for minutes."""
ANSWER_SECONDS = 30.0
RUNNING = "WORKLOAD_STATE_RUNNING"


@dataclass(frozen=True, slots=True)
class Workload:
    """One component, and what its host gives it."""

    image: str
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Secrets among it: as this it travels over NATS."""
    allowed_hosts: tuple[str, ...] = ("127.0.0.1",)
    """Where it may go; none is nowhere."""
    hostnames: tuple[str, ...] = ("127.0.0.1", "localhost")
    """Of the requests that it is to have."""
    pool_size: int = 0
    """Instances kept for the 0.3 edition, 0 for one to each request."""
    max_concurrency: int = 0
    """Requests that one instance takes at once, 0 for the host's default."""
    name: str = "openai-proxy"

    def pooled(self) -> "Workload":
        """Return it with instances that are shared, for a thousand requests at once.

        See docs/lattice.md for the price.
        """
        return replace(self, pool_size=4, max_concurrency=256)

    def message(self) -> dict[str, Any]:
        """Build the message's `Workload`."""
        return {
            "namespace": "default",
            "name": self.name,
            "annotations": {},
            "witWorld": {
                "components": [self._component()],
                "hostInterfaces": [self._http()],
            },
        }

    def _component(self) -> dict[str, Any]:
        counts = {"poolSize": self.pool_size, "maxConcurrency": self.max_concurrency}
        return {
            "name": self.name,
            "image": self.image,
            "localResources": {
                "environment": dict(self.environment),
                "allowedHosts": list(self.allowed_hosts),
            },
            **{name: count for name, count in counts.items() if count},
        }

    def _http(self) -> dict[str, Any]:
        first, *others = self.hostnames
        return {
            "namespace": "wasi",
            "package": "http",
            "interfaces": ["incoming-handler", "outgoing-handler"],
            "config": {"host": first, "host-aliases": ",".join(others)},
        }


def start(url: str, host_id: str, workload_id: str, workload: Workload) -> None:
    """Start a workload on a host and wait until it runs. Raises `LatticeError`."""
    asyncio.run(_start(url, host_id, workload_id, workload))


def start_on_all(
    url: str, host_ids: Sequence[str], workload_id: str, workload: Workload
) -> list[float]:
    """Start a workload on hosts at once; return how long each took, in seconds.

    Raises `LatticeError`.
    """

    async def start_each() -> list[float]:
        starts = (_start(url, each, workload_id, workload) for each in host_ids)
        return await asyncio.gather(*starts)

    return asyncio.run(start_each())


async def _start(url: str, host_id: str, workload_id: str, workload: Workload) -> float:
    began = time.monotonic()
    message = {"workload": workload.message(), "workloadId": workload_id}
    status = await _asked(url, host_id, "workload.start", message, START_SECONDS)
    state = status.get("workloadState")
    if state != RUNNING:
        raise LatticeError(f"A host does not start it: {status.get('message', state)}")
    return time.monotonic() - began


def stop(url: str, host_id: str, workload_id: str) -> None:
    """Stop a workload: streams that run go on to their end. Raises `LatticeError`."""
    _ask(url, host_id, "workload.stop", {"workloadId": workload_id}, ANSWER_SECONDS)


def state(url: str, host_id: str, workload_id: str) -> str:
    """Return a workload's state, as the host names it. Raises `LatticeError`."""
    message = {"workloadId": workload_id}
    status = _ask(url, host_id, "workload.status", message, ANSWER_SECONDS)
    return str(status.get("workloadState"))


def identify(
    url: str, spawn: Callable[[], object], names: Collection[str]
) -> dict[str, str]:
    """Listen, spawn hosts, and return the id of each by its `--host-name`.

    Raises `LatticeError` if one is not heard of in time.
    """
    return asyncio.run(_identify(url, spawn, names))


async def _identify(
    url: str, spawn: Callable[[], object], names: Collection[str]
) -> dict[str, str]:
    client = await _connect(url)
    ids: dict[str, str] = {}
    try:
        heartbeats = await client.subscribe("runtime.operator.heartbeat.*")
        await client.flush()
        spawn()
        async with asyncio.timeout(HEARTBEAT_SECONDS):
            while not ids.keys() >= set(names):
                heartbeat = json.loads((await heartbeats.next_msg(None)).data)
                ids[heartbeat["hostname"]] = heartbeat["id"]
    except TimeoutError as error:
        silent = ", ".join(sorted(set(names) - ids.keys()))
        raise LatticeError(f"Nothing is heard of {silent} over NATS.") from error
    finally:
        await client.close()
    return {name: ids[name] for name in names}


def _ask(
    url: str, host_id: str, command: str, message: Mapping[str, Any], seconds: float
) -> dict[str, Any]:
    return asyncio.run(_asked(url, host_id, command, message, seconds))


async def _asked(
    url: str, host_id: str, command: str, message: Mapping[str, Any], seconds: float
) -> dict[str, Any]:
    subject = f"runtime.host.{host_id}.{command}"
    answer = await _request(url, subject, json.dumps(message).encode(), seconds)
    status: dict[str, Any] = json.loads(answer).get("workloadStatus", {})
    return status


async def _request(url: str, subject: str, message: bytes, seconds: float) -> bytes:
    client = await _connect(url)
    try:
        return (await client.request(subject, message, timeout=seconds)).data
    except Error as error:
        # Neither the subject nor the error holds the message, which has secrets.
        raise LatticeError(f"{subject} is not answered: {error!r}") from error
    finally:
        await client.close()


async def _connect(url: str) -> Client:
    try:
        return await nats.connect(
            url,
            error_cb=_ignore,
            connect_timeout=CONNECT_SECONDS,
            max_reconnect_attempts=1,
            reconnect_time_wait=0.1,
        )
    except (Error, OSError) as error:
        raise LatticeError(f"NATS cannot be reached: {error!r}") from error


async def _ignore(_: Exception) -> None:
    """Log nothing: what matters is raised as well."""
