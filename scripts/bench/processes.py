"""What the processes of a measurement use: private memory and processor time."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

SAMPLE_SECONDS = 1.0
_TICKS = os.sysconf("SC_CLK_TCK")


def private_bytes(pid: int) -> int:
    """Return the memory that a process shares with no other."""
    private = ("Private_Clean:", "Private_Dirty:")
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(
        int(line.split()[1]) * 1024 for line in lines if line.startswith(private)
    )


def cpu_seconds(pid: int) -> float:
    """Return the processor time that a process has used, in seconds."""
    # The second field is a name in parentheses, which may hold anything.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def descendants(pid: int) -> Iterator[int]:
    """Yield the processes that a process has started, and theirs."""
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, children.read_text().split()):
            yield child
            yield from descendants(child)


def peak_bytes(pid: int) -> int:
    """Return the most memory that a process has had at once."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    (peak,) = (line.split()[1] for line in lines if line.startswith("VmHWM:"))
    return int(peak) * 1024


def machine_seconds() -> float:
    """Return the processor time that all of the machine has used, in seconds."""
    line = Path("/proc/stat").read_text().split("\n", 1)[0]
    ticks = [int(word) for word in line.split()[1:9]]
    idle, waiting = ticks[3:5]
    return (sum(ticks) - idle - waiting) / _TICKS


@dataclass(slots=True)
class Usage:
    """What one process used while it was watched."""

    cpu_seconds: float = 0.0
    private: list[int] = field(default_factory=list)
    """Bytes, once in each sample."""
    busy: list[float] = field(default_factory=list)
    """Cores in use, between two samples."""

    @property
    def busiest(self) -> float:
        """Cores in use in the busiest sample."""
        return max(self.busy, default=0.0)

    @property
    def peak(self) -> int:
        """The most private memory in any sample, in bytes."""
        return max(self.private, default=0)


@dataclass(slots=True)
class Watch:
    """What some processes used together, and what the machine did beside."""

    usages: dict[str, Usage]
    others: float = 0.0
    """Cores that were busy with something else, on average."""


@asynccontextmanager
async def watch(pids: Mapping[str, int]) -> AsyncIterator[Watch]:
    """Watch some processes until the end of the block."""
    watched = Watch({name: Usage() for name in pids})
    started, machine = time.monotonic(), machine_seconds()
    used = {name: cpu_seconds(pid) for name, pid in pids.items()}
    sampling = asyncio.create_task(_sample(pids, watched.usages))
    try:
        yield watched
    finally:
        sampling.cancel()
    for name, pid in pids.items():
        watched.usages[name].cpu_seconds = cpu_seconds(pid) - used[name]
    ours = sum(usage.cpu_seconds for usage in watched.usages.values())
    others = machine_seconds() - machine - ours
    watched.others = max(others, 0.0) / (time.monotonic() - started)


async def _sample(pids: Mapping[str, int], usages: dict[str, Usage]) -> None:
    last: dict[str, tuple[float, float]] = {}
    while True:
        for name, pid in pids.items():
            # The kernel walks all of a server's memory, which may take it milliseconds.
            usages[name].private.append(await asyncio.to_thread(private_bytes, pid))
            now, used = time.monotonic(), cpu_seconds(pid)
            then, before = last.get(name, (now, used))
            if now > then:
                usages[name].busy.append((used - before) / (now - then))
            last[name] = (now, used)
        await asyncio.sleep(SAMPLE_SECONDS)
