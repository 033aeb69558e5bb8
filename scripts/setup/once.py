"""Make a target once: `python scripts/setup/once.py TARGET [INPUT...] -- COMMAND...`.

Two processes that want the same target never make it at the same time: one of them
runs the command, the other waits and takes what it finds. Needs Python alone, as it
runs before anything is installed.
"""

import fcntl
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path


def main(arguments: Sequence[str]) -> int:
    """Run the command unless its target is there; return its exit status."""
    split = arguments.index("--")
    target, *inputs = map(Path, arguments[:split])
    with locked(target.parent):
        if is_fresh(target, inputs):
            return 0
        status = subprocess.run(arguments[split + 1 :], check=False).returncode
        if status == 0 and not is_fresh(target, inputs):
            target.touch()
        return status


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder's lock, a file beside it: the folder itself may be replaced."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f"{folder.name}.lock").open("w") as lock:
        # Released when the file is closed, also by the end of a killed process.
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def is_fresh(target: Path, inputs: Sequence[Path]) -> bool:
    """Tell whether the target is there and no older than its inputs, as make would."""
    if not target.exists():
        return False
    made = target.stat().st_mtime
    return all(each.stat().st_mtime <= made for each in inputs)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
