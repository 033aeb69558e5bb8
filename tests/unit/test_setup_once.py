"""A target is made once, whole, however many processes want it at the same time."""

import os
import subprocess
import sys
from pathlib import Path

from scripts.setup.once import is_fresh

ROOT = Path(__file__).parents[2]
ONCE = [sys.executable, str(ROOT / "scripts/setup/once.py")]
# Writes a file in two steps; a second writer in between would be seen in it.
SLOW = """
import os, sys
target, go = sys.argv[1:]
with open(target + ".part", "a") as part:
    part.write("begun ")
    part.flush()
    open(go).read()
    part.write("ended")
os.rename(target + ".part", target)
"""


def start(target: Path, command: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([*ONCE, str(target), "--", *command])


def test_two_processes_never_make_half_of_one(tmp_path: Path) -> None:
    target, go = tmp_path / "tools" / "server", tmp_path / "go"
    target.parent.mkdir()
    os.mkfifo(go)
    slow = [sys.executable, "-c", SLOW, str(target), str(go)]
    both = [start(target, slow) for _ in range(2)]
    # Whichever holds the lock opens the pipe and waits there; the other would too.
    with go.open("w"):
        pass
    assert [each.wait(20) for each in both] == [0, 0]
    assert target.read_text() == "begun ended"


def test_a_command_that_fails_leaves_the_next_to_try(tmp_path: Path) -> None:
    target = tmp_path / "folder" / "installed"
    assert start(target, ["sh", "-c", "exit 3"]).wait(20) == 3
    assert not target.exists()
    target.parent.mkdir(exist_ok=True)
    assert start(target, ["true"]).wait(20) == 0
    assert target.exists()


def test_a_newer_input_makes_it_anew(tmp_path: Path) -> None:
    lock, target = tmp_path / "lock.txt", tmp_path / "folder" / "installed"
    target.parent.mkdir()
    assert not is_fresh(target, [])
    target.touch()
    lock.touch()
    os.utime(lock, (1, 1))
    assert is_fresh(target, [lock])
    os.utime(target, (0, 0))
    assert not is_fresh(target, [lock])
