"""What a suite took is noted, and its failure is the command's."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import suites
from scripts.suites import Report, main, read, table

ROOT = Path(__file__).parents[2]
CASES = """
import pytest

def test_passes(): pass
def test_fails(): assert False
@pytest.mark.xfail(strict=True)
def test_has_to_fail(): assert False
"""


@pytest.fixture(autouse=True)
def own_reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(suites, "REPORTS", tmp_path / "reports")
    return tmp_path / "reports"


def test_a_suite_s_cases_are_counted(tmp_path: Path, own_reports: Path) -> None:
    (tmp_path / "test_cases.py").write_text(CASES)
    pytest_ = str(Path(sys.executable).with_name("pytest"))
    options = ["-q", "-c", "/dev/null", "--rootdir", str(tmp_path)]
    assert main(["run", "some", "--", pytest_, *options, str(tmp_path)]) == 1
    report = read(own_reports / "some.json")
    assert (report.tests, report.failed, report.xfailed) == (3, 1, 1)
    assert 0 < report.cpu_seconds
    assert 0 < report.seconds


def test_any_other_command_is_timed_too(own_reports: Path) -> None:
    assert main(["run", "built", "--", "sh", "-c", "exit 7"]) == 7
    assert read(own_reports / "built.json").status == 7


def test_the_table_has_the_longest_first_and_ends_with_the_count() -> None:
    lines = table([Report("a", 0, 5, 9, 10, 0, 2), Report("b", 1, 60, 2, 7, 3)])
    assert [line.split() for line in lines.splitlines()] == [
        ["suite", "tests", "seconds", "CPU", "s"],
        ["b", "7", "60", "2", "failed", "(1)"],
        ["a", "10", "5", "9"],
        ["12", "passed,", "3", "failed,", "2", "skipped"],
    ]


def test_a_suite_can_be_narrowed() -> None:
    makefile = (ROOT / "Makefile").read_text()
    ran = re.findall(r"^\t.*\$\(BIN\)/pytest .*$", makefile, re.MULTILINE)
    assert ran
    assert all(line.endswith(" $(ARGS)") for line in ran)
    shown = subprocess.run(
        ["make", "-n", "unit", "ARGS=-k cors"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    assert "pytest tests/unit -k cors" in shown.stdout


def test_make_test_runs_every_suite() -> None:
    makefile = (ROOT / "Makefile").read_text()
    listed = re.search(r"^SUITES := (.*)$", makefile, re.MULTILINE)
    assert listed
    folders = set(re.findall(r"pytest tests/(\w+)", makefile))
    ran = {
        folder
        for name in listed[1].split()
        for folder in re.findall(
            rf"^{name}:.*\n\t.*pytest tests/(\w+)", makefile, re.MULTILINE
        )
    }
    assert ran == folders
    with_tests = {path.parent.name for path in ROOT.glob("tests/*/test_*.py")}
    assert with_tests == folders
