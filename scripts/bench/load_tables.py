"""The tables of a load: how the streams fared, and what the processes used."""

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from scripts.bench.processes import Usage, Watch
from scripts.bench.tables import MIB, Row, number, table


@dataclass(frozen=True, slots=True)
class Loaded:
    """One load through one server; times in milliseconds, memory in bytes."""

    name: str
    streams: int
    first_bytes: Sequence[float]
    delays: Sequence[float]
    failures: Counter[str]
    watched: Watch
    """The processes "client", "upstream" and, unless it is direct, "server"."""
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Percentiles:
    """The middle of some times, and what all but one in a hundred keep within."""

    p50: float
    p99: float

    @classmethod
    def of(cls, times: Sequence[float]) -> "Percentiles":
        """Return those of `times`; not a number when there are none."""
        if len(times) < 2:
            return cls(float("nan"), float("nan"))
        cuts = statistics.quantiles(times, n=100, method="inclusive")
        return cls(cuts[49], cuts[98])


def load_tables(results: Sequence[Loaded]) -> str:
    """Show all results; the first is the direct one, which the others add to."""
    parts = [_times(results), _usages(results)]
    parts += [
        f"{one.name} failed {count}: {reason}"
        for one in results
        for reason, count in one.failures.most_common(5)
    ]
    return "\n\n".join(parts)


def _times(results: Sequence[Loaded]) -> str:
    head = (
        "through",
        "failures",
        "first byte p50, ms",
        "p99",
        "chunk p50, ms",
        "p99",
        "added p50, ms",
        "p99",
    )
    direct = Percentiles.of(results[0].delays)
    return table(head, [_time(one, direct) for one in results])


def _time(one: Loaded, direct: Percentiles) -> Row:
    first, delay = Percentiles.of(one.first_bytes), Percentiles.of(one.delays)
    added = (number(delay.p50 - direct.p50), number(delay.p99 - direct.p99))
    return (
        one.name,
        str(one.failures.total()),
        number(first.p50),
        number(first.p99),
        number(delay.p50),
        number(delay.p99),
        *(("", "") if one.name == "direct" else added),
    )


def _usages(results: Sequence[Loaded]) -> str:
    head = (
        "through",
        "MiB before",
        "peak",
        "after",
        "CPU ms for each stream",
        "busiest",
        "client busiest",
        "upstream busiest",
        "other work",
    )
    return table(head, [_usage(one) for one in results])


def _usage(one: Loaded) -> Row:
    usages = one.watched.usages
    server = usages.get("server")
    others = [usages["client"].busiest, usages["upstream"].busiest, one.watched.others]
    return (
        one.name,
        *(_server(one, server) if server else ("",) * 5),
        *(f"{busy:.0%}" for busy in others),
    )


def _server(one: Loaded, server: Usage) -> Row:
    sizes = (one.before, max(server.peak, one.before), one.after)
    return (
        *(f"{size / MIB:.1f}" for size in sizes),
        number(server.cpu_seconds / one.streams * 1000),
        f"{server.busiest:.0%}",
    )
