"""jco on Node.js: the file translated to JavaScript and core WebAssembly."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts.hosts.host import OWN, HostFailed, Served
from scripts.hosts.process import free_port, serving

FOLDER = OWN / "node"
JCO = FOLDER / "node_modules" / "@bytecodealliance" / "jco" / "dist" / "jco.js"


def node() -> Path:
    """Return the pinned Node.js, whichever of its packages fits this machine.

    Raises `HostFailed`.
    """
    found = sorted(FOLDER.glob("node_modules/node-*/bin/node"))
    if not found:
        raise HostFailed(f"{FOLDER} has no Node.js: run `make hosts`")
    return found[0]


@dataclass(frozen=True, slots=True)
class JcoServe:
    """`jco serve`, which takes WASI 0.2 alone."""

    name: str = "jco serve"
    editions: tuple[str, ...] = ("final",)
    flags: tuple[str, ...] = ()

    @contextmanager
    def start(
        self, component: Path, environ: Mapping[str, str], home: Path
    ) -> Iterator[Served]:
        """Serve a file; see `Host`."""
        port = free_port()
        code = home / "jco"
        shutil.rmtree(code, ignore_errors=True)
        command = [str(node()), str(JCO), "serve", str(component.resolve())]
        command += [f"--port={port}", "--host=127.0.0.1", f"--jco-dir={code.resolve()}"]
        with serving(
            [*command, *self.flags], port, environ, home / "host.log"
        ) as running:
            yield running
        shutil.rmtree(code)
