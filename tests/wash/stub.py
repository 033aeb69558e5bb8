"""A stand-in for wash: says that it is ready, and hands out what it was given."""

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SOURCE = """\
import json, os, sys
project = sys.argv[sys.argv.index("-C") + 1]
with open(os.path.join(project, ".wash", "config.json")) as config:
    given = {"config": json.load(config), "environ": dict(os.environ), "argv": sys.argv}
with open(os.environ["STUB_SEEN"], "w") as seen:
    json.dump(given, seen)
print("INFO HTTP server listening addr=" + given["config"]["dev"]["address"])
print("INFO listening for HTTP requests")
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """What wash was started with."""

    config: dict[str, Any]
    environ: dict[str, str]
    argv: list[str]


def write_stub(path: Path) -> None:
    """Write it as a program."""
    path.write_text(f"#!{sys.executable}\n{SOURCE}")
    path.chmod(0o700)


def read_seen() -> Seen | None:
    """Return what it was started with, or None if it was not."""
    seen = Path(os.environ["STUB_SEEN"])
    return Seen(**json.loads(seen.read_text())) if seen.exists() else None
