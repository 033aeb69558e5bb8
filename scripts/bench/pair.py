"""The WASI 0.2 pair beside a direct connection: times, rates and memory.

One run measures both in turn, round by round, so that a machine that grows slower or
faster meanwhile changes both alike: the ratios are the result, not the figures.
"""

import asyncio
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from scripts.bench.measures import MANY, MEASURES, Measure, Size
from scripts.bench.memory import hold
from scripts.bench.servers import FRESH, REUSED, Target, serve_proxy, serve_upstream
from scripts.bench.tables import Comparison, Sample, comparison_table, memory_table

LIMIT_SECONDS = 110.0
KINDS = {"fresh": FRESH, "reused": REUSED}
NOTES = """\
Medians of {rounds} rounds, direct and proxied in turn; a ratio is taken within a round.
Of times (ms) less is better, of rates (/s) more. min..max: the ratios of single rounds.
direct: the same client straight to the upstream, for /health to the upstream's own.
instances: fresh serve one request each, the default for WASI 0.2; reused serve 128.
added: what the proxy adds to a time.
client busy: direct, proxied; near 100 % the client is the limit and not the server.
Client, upstream and proxy share {cores} cores: with {many} connections they compete,
and a rate says what all three can do together.
"""
MEMORY_NOTE = "Private memory of wasmtime while streams are held open:"

Samples = dict[tuple[str, str], list[Sample]]
"""One for each round, by figure and server."""


async def run(component: Path, size: Size) -> None:
    """Measure and print the tables. Raises `BenchError`, `TimeoutError`."""
    with ExitStack() as stack:
        logs = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        direct = stack.enter_context(serve_upstream(logs))
        proxies = [
            stack.enter_context(serve_proxy(name, component, direct, flags, logs))
            for name, flags in KINDS.items()
        ]
        async with asyncio.timeout(LIMIT_SECONDS):
            await _print_all(direct, proxies, size)


async def _print_all(direct: Target, proxies: Sequence[Target], size: Size) -> None:
    # Memory first: a pool keeps what a load has once used.
    held = [one for proxy in proxies for one in await hold(proxy, size)]
    comparisons = await _compare(direct, proxies, size)
    print(NOTES.format(rounds=size.rounds, cores=os.cpu_count(), many=MANY))
    print(comparison_table(comparisons))
    print(f"\n{MEMORY_NOTE}\n\n{memory_table(held)}")


async def _compare(
    direct: Target, proxies: Sequence[Target], size: Size
) -> list[Comparison]:
    """Measure all servers in turn, round by round."""
    samples: Samples = defaultdict(list)
    for _ in range(size.rounds):
        for measure in MEASURES:
            for target in (direct, *proxies):
                for figure, sample in (await _measure(measure, target, size)).items():
                    samples[figure, target.name].append(sample)
    figures = dict.fromkeys(figure for figure, _ in samples)
    return [
        Comparison(
            figure,
            proxy.name,
            samples[figure, direct.name],
            samples[figure, proxy.name],
        )
        for figure in figures
        for proxy in proxies
    ]


async def _measure(measure: Measure, target: Target, size: Size) -> dict[str, Sample]:
    """Measure one server once, and how busy the client is meanwhile."""
    started, used = time.monotonic(), time.process_time()
    figures = await measure(target, size)
    busy = (time.process_time() - used) / (time.monotonic() - started)
    return {name: Sample(value, busy) for name, value in figures.items()}
