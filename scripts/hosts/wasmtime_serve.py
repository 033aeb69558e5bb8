"""`wasmtime serve`, of the version that the project pins and of older ones."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts.addresses import free_port
from scripts.hosts.host import BUILD, OWN, HostFailed, Served
from scripts.hosts.process import serving
from scripts.wasmtime import PRECOMPILED, WASMTIME, serve_command


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
        """Return where the Makefile puts a file that only this version can read."""
        folder = BUILD if self.program == WASMTIME else self.program.parents[1]
        return folder / f"{edition}.cwasm"

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


OLDEST_PAIR = WasmtimeServe("36.0.9", ("final",), older("36"))
"""The oldest in the registry of packages that the project takes it from."""
OLDEST_GATEWAY = WasmtimeServe("46.0.0", ("gateway",), older("46"))
"""The first with WASI 0.3 itself: 45 has a release candidate of it."""
NEWEST = WasmtimeServe("49.0.3", ("final", "gateway"), WASMTIME)
"""As package 49.0.4."""
