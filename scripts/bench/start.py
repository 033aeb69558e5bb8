"""What a host does before it can answer: read a file, and compile it."""

import resource
import statistics
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from scripts.bench.tables import number, table
from scripts.share import unshare
from scripts.wasmtime import WASMTIME

HEAD = ("file", "as", "MB", "compiled, MB", "CPU s to compile", "shipped / whole")
ABOUT = """\
whole: as wac joins it, each component with an interpreter's code of its own.
shipped: with that code once. CPU seconds: medians of {rounds} rounds, whole and shipped
in turn; the ratio is theirs. MB: 10^6 bytes."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """One way to write a composition, and what compiling it took."""

    file: Path
    sizes: list[int] = field(default_factory=list)
    """Of what was compiled, in bytes, in each round."""
    seconds: list[float] = field(default_factory=list)
    """Of CPU."""

    def compile(self, target: Path) -> None:
        """Compile it once more."""
        before = _children_seconds()
        command = [str(WASMTIME), "compile", str(self.file), "-o", str(target)]
        subprocess.run(command, check=True, stdout=sys.stderr)
        self.seconds.append(_children_seconds() - before)
        self.sizes.append(target.stat().st_size)


def run(components: list[Path], rounds: int) -> None:
    """Compile each composition both ways, in turn, and print what it took."""
    print(ABOUT.format(rounds=rounds), end="\n\n")
    rows = [row for path in components for row in _compare(path, rounds)]
    print(table(HEAD, rows))


def _compare(component: Path, rounds: int) -> Iterator[tuple[str, ...]]:
    with TemporaryDirectory() as folder:
        whole, shipped = Compiled(Path(folder) / "whole.wasm"), Compiled(component)
        whole.file.write_bytes(unshare(component.read_bytes()))
        for _ in range(rounds):
            whole.compile(Path(folder) / "whole.cwasm")
            shipped.compile(Path(folder) / "shipped.cwasm")
        yield (component.name, "whole", *_cells(whole), "")
        ratio = _median(shipped) / _median(whole)
        yield (component.name, "shipped", *_cells(shipped), number(ratio))


def _children_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _cells(one: Compiled) -> tuple[str, str, str]:
    file, compiled = one.file.stat().st_size, one.sizes[0]
    return number(file / 1e6), number(compiled / 1e6), number(_median(one))


def _median(one: Compiled) -> float:
    return statistics.median(one.seconds)
