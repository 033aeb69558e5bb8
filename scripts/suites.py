"""Run a suite and note what it took: `python -m scripts.suites run NAME -- COMMAND...`.

`python -m scripts.suites table` then prints what all suites took, and what passed.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from xml.etree import ElementTree

REPORTS = Path("build/reports")


@dataclass(frozen=True, slots=True)
class Report:
    """What a suite took; `tests` counts those of pytest, and no other check."""

    suite: str
    status: int
    seconds: float
    cpu_seconds: float
    """Of its process and of those that have ended and been waited for."""
    tests: int = 0
    failed: int = 0
    xfailed: int = 0

    @property
    def passed(self) -> int:
        """Return how many did what they should; strict xfails are counted apart."""
        return self.tests - self.failed - self.xfailed


def main(arguments: Sequence[str]) -> int:
    """Run a suite, or print the table; return the exit status."""
    if arguments[0] == "table":
        print(table([read(path) for path in sorted(REPORTS.glob("*.json"))]))
        return 0
    name, _, *command = arguments[1:]
    report = run(name, command)
    (REPORTS / f"{name}.json").write_text(json.dumps(asdict(report)))
    return report.status


def read(path: Path) -> Report:
    """Read what a suite took."""
    return Report(**json.loads(path.read_text()))


def run(name: str, command: Sequence[str]) -> Report:
    """Run a suite's command."""
    REPORTS.mkdir(parents=True, exist_ok=True)
    cases = REPORTS / f"{name}.xml"
    cases.unlink(missing_ok=True)
    is_pytest = Path(command[0]).name == "pytest"
    started = time.monotonic()
    status = subprocess.run(
        [*command, f"--junitxml={cases}"] if is_pytest else command, check=False
    ).returncode
    seconds = time.monotonic() - started
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    tests, failed, xfailed = counts(cases) if cases.exists() else (0, 0, 0)
    cpu = used.ru_utime + used.ru_stime
    return Report(name, status, seconds, cpu, tests, failed, xfailed)


def counts(cases: Path) -> tuple[int, int, int]:
    """Return how many cases pytest's report holds, that failed, that had to fail."""
    suites = ElementTree.parse(cases).getroot().findall("testsuite")

    def total(name: str) -> int:
        return sum(int(suite.get(name, 0)) for suite in suites)

    return total("tests"), total("failures") + total("errors"), total("skipped")


def table(reports: Sequence[Report]) -> str:
    """Return the table of all suites, with a last line that counts the tests."""
    lines = [f"{'suite':<16}{'tests':>7}{'seconds':>9}{'CPU s':>8}"]
    for each in sorted(reports, key=lambda each: -each.seconds):
        tests = each.tests or ""
        state = "" if each.status == 0 else f"  failed ({each.status})"
        lines.append(
            f"{each.suite:<16}{tests:>7}{each.seconds:>9.0f}"
            f"{each.cpu_seconds:>8.0f}{state}"
        )
    passed = sum(each.passed for each in reports)
    failed = sum(each.failed for each in reports)
    skipped = sum(each.xfailed for each in reports)
    return "\n".join([*lines, f"{passed} passed, {failed} failed, {skipped} skipped"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
