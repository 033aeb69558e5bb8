"""The command line of `wasmtime serve`, for everything here that runs one."""

import sys
from collections.abc import Iterable
from pathlib import Path

WASMTIME = Path(sys.executable).with_name("wasmtime")
PRECOMPILED = ("--no-logging-prefix", "--allow-precompiled")
"""Flags for a .cwasm, and for a log of our lines alone."""


def serve_command(
    component: Path, addr: str, flags: Iterable[str], variables: Iterable[str]
) -> list[str]:
    """Build it; it names variables and holds no value of any: all may see it."""
    return [
        str(WASMTIME),
        "serve",
        "-Scommon",
        f"--addr={addr}",
        *flags,
        *(f"--env={name}" for name in variables),
        str(component),
    ]
