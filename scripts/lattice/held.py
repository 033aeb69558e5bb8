"""Streams that are held open through the balancer, all at once."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from scripts.bench.client import BenchError, connect
from scripts.bench.processes import private_bytes
from scripts.lattice.lattice import Lattice

AT_ONCE = 20
"""Clients that connect together: more would only wait for the machine."""
HOLD_SECONDS = 120
_BODY = json.dumps(
    {"model": f"stall-{HOLD_SECONDS * 1000}", "input": "Hold.", "stream": True}
)
# The local upstream sends the half of its reply, and the rest when nobody is there.
REQUEST = (
    "POST /v1/responses HTTP/1.1\r\nhost: 127.0.0.1\r\n"
    "content-type: application/json\r\n"
    f"content-length: {len(_BODY)}\r\n\r\n{_BODY}"
).encode()


@dataclass(slots=True)
class Held:
    """What became of the streams, and of the hosts' private memory in bytes."""

    wanted: int
    before: Mapping[str, int]
    during: Mapping[str, int] = field(default_factory=dict)
    shares: Mapping[str, int] = field(default_factory=dict)
    """Streams on each host, as the balancer counts them."""
    failures: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    """Until the first bytes of all of them were there."""

    @property
    def held(self) -> int:
        """Streams that were open at once."""
        return self.wanted - self.failures.total()

    @property
    def each(self) -> float:
        """Bytes that one stream cost."""
        return (sum(self.during.values()) - sum(self.before.values())) / self.held


def hold(lattice: Lattice, streams: int) -> Held:
    """Hold so many streams, half of the reply of each read. Raises `TimeoutError`."""
    return asyncio.run(_hold(lattice, streams))


async def _hold(lattice: Lattice, streams: int) -> Held:
    result = Held(streams, memory(lattice))
    started = time.monotonic()
    async with asyncio.timeout(HOLD_SECONDS), AsyncExitStack() as stack:
        for first in range(0, streams, AT_ONCE):
            count = min(AT_ONCE, streams - first)
            opening = (_open(stack, lattice, result) for _ in range(count))
            await asyncio.gather(*opening)
        result.seconds = time.monotonic() - started
        result.during = memory(lattice)
        result.shares = {name: lattice.balancer.streams(name) for name in lattice.hosts}
    return result


async def _open(stack: AsyncExitStack, lattice: Lattice, result: Held) -> None:
    try:
        connecting = connect(lattice.balancer.port, HOLD_SECONDS)
        connection = await stack.enter_async_context(connecting)
        await connection.start(REQUEST)
        await connection.read()
    except (BenchError, OSError, EOFError) as error:
        result.failures[type(error).__name__] += 1


def memory(lattice: Lattice) -> dict[str, int]:
    """Return each host's private memory in bytes."""
    hosts = lattice.hosts.items()
    return {name: private_bytes(host.daemon.pid) for name, host in hosts}
