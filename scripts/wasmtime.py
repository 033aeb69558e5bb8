"""The command line of `wasmtime serve`, for everything here that runs one."""

import sys
from collections.abc import Iterable
from pathlib import Path

WASMTIME = Path(sys.executable).with_name("wasmtime")


def serve_command(
    component: Path, addr: str, flags: Iterable[str], variables: Iterable[str]
) -> list[str]:
    """Build it; it names variables and holds no value of any: all may see it."""
    return [
        str(WASMTIME),
        "serve",
        "-Scommon",
        *flags,
        f"--addr={addr}",
        "--no-logging-prefix",
        *(f"--env={name}" for name in variables),
        "--allow-precompiled",
        str(component),
    ]
