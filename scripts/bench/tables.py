"""Tables in Markdown, aligned for a terminal."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from scripts.bench.memory import Held

MIB = 1 << 20
Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """One round's value, and the part of its time in which the client was at work."""

    value: float
    client_busy: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """One figure of one proxy and of the direct connection, round by round."""

    figure: str
    name: str
    direct: Sequence[Sample]
    proxied: Sequence[Sample]

    @property
    def ratios(self) -> list[float]:
        """Proxied by direct, each of one round."""
        pairs = zip(self.proxied, self.direct, strict=True)
        return [proxied.value / direct.value for proxied, direct in pairs]


def comparison_table(comparisons: Sequence[Comparison]) -> str:
    """Show each figure's medians and ratios."""
    head = (
        "figure",
        "instances",
        "direct",
        "proxied",
        "added",
        "proxied / direct",
        "min..max",
        "client busy",
    )
    return table(head, [_compare(comparison) for comparison in comparisons])


def memory_table(held: Sequence[Held]) -> str:
    """Show the private memory of each number of streams."""
    head = ("streams", "instances", "MiB before", "during", "after", "for each stream")
    return table(head, [_weigh(one) for one in held])


def _compare(one: Comparison) -> Row:
    ratios = one.ratios
    added = _median(one.proxied) - _median(one.direct)
    return (
        one.figure,
        one.name,
        number(_median(one.direct)),
        number(_median(one.proxied)),
        number(added) if one.figure.endswith("ms") else "",
        number(statistics.median(ratios)),
        f"{number(min(ratios))}..{number(max(ratios))}",
        f"{_busy(one.direct)}, {_busy(one.proxied)}",
    )


def _median(samples: Sequence[Sample]) -> float:
    return statistics.median(sample.value for sample in samples)


def _busy(samples: Sequence[Sample]) -> str:
    return f"{statistics.median(sample.client_busy for sample in samples):.0%}"


def _weigh(one: Held) -> Row:
    sizes = (one.before, one.during, one.after, one.each)
    return (str(one.streams), one.name, *(f"{size / MIB:.1f}" for size in sizes))


def number(value: float) -> str:
    """Show three digits where they matter, and no exponent."""
    bounds = (0.1, 1, 10, 100)
    places = sum(abs(value) < bound for bound in bounds)
    return f"{value:.{places}f}"


def table(head: Row, rows: Sequence[Row]) -> str:
    """Align the cells of a Markdown table."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    rule = tuple("-" * width for width in widths)
    return "\n".join(_line(row, widths) for row in (head, rule, *rows))


def _line(row: Row, widths: Sequence[int]) -> str:
    cells = (
        # Words to the left, numbers to the right.
        cell.rjust(width) if cell.lstrip("-")[:1].isdigit() else cell.ljust(width)
        for cell, width in zip(row, widths, strict=True)
    )
    return f"| {' | '.join(cells)} |"
