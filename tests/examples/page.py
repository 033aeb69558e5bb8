"""docs/components.md as a reader follows it: its commands, and what they print."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "components.md").read_text()
ADDRESS = "127.0.0.1:8080"
"""Where the page serves; the tests put a free address in its place."""


@dataclass(frozen=True, slots=True)
class Step:
    """A command, and what it prints where the page shows that."""

    command: str
    printed: str = ""

    @property
    def name(self) -> str:
        """Return the name of the file that a command makes or serves."""
        names: list[str] = re.findall(r"build/(\w+)\.wasm", self.command)
        return names[-1]


def steps() -> list[Step]:
    """Return all steps in their order."""
    return [step for block in _blocks() for step in _steps(block)]


def makes() -> list[Step]:
    return [step for step in steps() if step.command.startswith("make ")]


def serves() -> list[Step]:
    return [step for step in steps() if " serve " in step.command]


def asks() -> list[tuple[Step, Step]]:
    """Return what is asked, each with the command that serves it: the one before."""
    found, served = [], None
    for step in steps():
        if " serve " in step.command:
            served = step
        elif step.command.startswith("curl "):
            assert served
            found.append((served, step))
    return found


def _blocks() -> list[str]:
    """Return the indented blocks; an empty line may be within one."""
    found = re.findall(r"^(?:    .*\n|\n(?=    ))+", PAGE, re.MULTILINE)
    return [
        re.sub(r"^    ", "", each, flags=re.MULTILINE).strip("\n") for each in found
    ]


def _steps(block: str) -> list[Step]:
    if block.startswith("$ "):
        command, _, printed = block[2:].partition("\n")
        return [Step(command, f"{printed}\n\n")]
    lines = block.splitlines()
    return [Step(line) for line in lines if re.match(r"make |\.venv/bin/", line)]
