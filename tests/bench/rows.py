"""What the bench prints, as a test reads it."""

import subprocess
import sys

SECONDS = 90.0
Cells = list[str]


def bench(
    *arguments: str, seconds: float = SECONDS
) -> subprocess.CompletedProcess[str]:
    """Run the bench to its end."""
    return subprocess.run(
        [sys.executable, "-m", "scripts.bench", *arguments],
        capture_output=True,
        text=True,
        timeout=seconds,
    )


def read_tables(output: str) -> list[list[Cells]]:
    """Return each Markdown table's rows, without its head."""
    tables: list[list[Cells]] = []
    rows: list[Cells] = []
    for line in output.splitlines():
        if line.startswith("| -"):
            rows.pop()  # What stands above the rule is the head.
            rows = []
            tables.append(rows)
        elif line.startswith("| "):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return tables
