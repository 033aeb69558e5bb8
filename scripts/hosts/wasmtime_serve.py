"""`wasmtime serve`, of the version that the project pins and of older ones."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts.addresses import free_port
from scripts.hosts.host import BUILD, OWN, HostFailed, Served
from scripts.hosts.process import serving
from scripts.wasmtime import PRECOMPILED, WASMTIME, Program, serve_command


@dataclass(frozen=True, slots=True)
class WasmtimeServe:
    """One version, with no flag but those that the README names."""

    version: str
    editions: tuple[str, ...]
    program: Path

    @property
    def name(self) -> str:
        """What the table of docs/hosts.md calls it."""
        return f"wasmtime serve {self.version}"

    def precompiled(self, edition: str) -> Path:
        """Return a file that only this version can read.

        The Makefile makes those of the versions that the project installs.
        """
        if not self.is_installed_here:
            program = Program(self.program, self.version)
            return program.compiled(BUILD / f"{edition}.wasm")
        folder = BUILD if self.program == WASMTIME else self.program.parents[1]
        return folder / f"{edition}.cwasm"

    @property
    def is_installed_here(self) -> bool:
        """Tell whether the project installs it, from a package."""
        return self.program == WASMTIME or OWN in self.program.parents

    @contextmanager
    def start(
        self, component: Path, environ: Mapping[str, str], home: Path
    ) -> Iterator[Served]:
        """Serve a file; see `Host`."""
        if not self.program.exists():
            raise HostFailed(f"{self.program} is missing: run `make hosts`")
        port = free_port()
        flags = PRECOMPILED if component.suffix == ".cwasm" else PRECOMPILED[:1]
        command = serve_command(component, f"127.0.0.1:{port}", flags, environ)
        command[0] = str(self.program)
        # Version 36 keeps what it compiles, and would find it again.
        own = {**environ, "XDG_CACHE_HOME": str(home / "cache")}
        with serving(command, port, own, home / "host.log") as running:
            yield running


def older(series: str) -> Path:
    """Return where the Makefile installs an older version."""
    return OWN / f"wasmtime-{series}" / "wasmtime_cli" / "wasmtime"


def found(version: str) -> Path:
    """Return where a version is that no package has; it may be nowhere.

    `WASMTIME_50` is a variable that says it for version 50, and otherwise `PATH`.
    """
    series = version.partition(".")[0]
    named = os.environ.get(f"WASMTIME_{series}")
    if named:
        return Path(named)
    for folder in os.get_exec_path():
        program = Path(folder) / "wasmtime"
        if os.access(program, os.X_OK) and _says(program, series):
            return program
    return Path(f"wasmtime-{series}")


def _says(program: Path, series: str) -> bool:
    said = subprocess.run([program, "--version"], capture_output=True, text=True)
    return said.stdout.startswith(f"wasmtime {series}.")


OLDEST_PAIR = WasmtimeServe("36.0.9", ("final",), older("36"))
"""The oldest in the registry of packages that the project takes it from."""
OLDEST_GATEWAY = WasmtimeServe("46.0.0", ("gateway",), older("46"))
"""The first with WASI 0.3 itself: 45 has a release candidate of it."""
NEWEST = WasmtimeServe("49.0.3", ("final", "gateway"), WASMTIME)
"""As package 49.0.4."""
NEXT = WasmtimeServe("50.0.1", ("final", "gateway"), found("50.0.1"))
"""Of no package that the project can pin: tested where it is found."""
