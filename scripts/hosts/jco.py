"""jco on Node.js: the file translated to JavaScript and core WebAssembly."""

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from scripts.addresses import free_port
from scripts.hosts.host import OWN, HostFailed, Served
from scripts.hosts.process import serving

JCO_VERSION = "1.35.0"
FOLDER = OWN / "node"
WORKERS = 8
"""Requests that `--isolate-requests` serves at once; it starts 50 unless told."""
SERVE_GATEWAY = FOLDER / "serve_gateway.mjs"
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

    name: str = f"jco serve {JCO_VERSION}"
    flags: tuple[str, ...] = ()
    editions: tuple[str, ...] = ("final",)

    @contextmanager
    def start(
        self, component: Path, environ: Mapping[str, str], home: Path
    ) -> Iterator[Served]:
        """Serve a file; see `Host`."""
        port = free_port()
        command = [str(node()), str(JCO), "serve", str(component.resolve())]
        command += ["--host=127.0.0.1", f"--port={port}", *self.flags]
        with serving(command, port, environ, home / "host.log") as running:
            yield running


@dataclass(frozen=True, slots=True)
class JcoTranspile:
    """What `jco transpile` makes of the gateway, behind the HTTP server of its shim.

    It is no host of the table's: it answers one prompt and then no more.
    """

    name: str = f"jco transpile {JCO_VERSION}"
    editions: tuple[str, ...] = ("gateway",)

    @contextmanager
    def start(
        self, component: Path, environ: Mapping[str, str], home: Path
    ) -> Iterator[Served]:
        """Serve a file; see `Host`."""
        port = free_port()
        # Node.js looks for packages from where the code is.
        with TemporaryDirectory(dir=FOLDER) as code:
            _transpile(component, Path(code))
            script = Path(code) / f"{component.stem}.js"
            command = [str(node()), str(SERVE_GATEWAY), str(script), str(port)]
            with serving(command, port, environ, home / "host.log") as running:
                yield running


def _transpile(component: Path, code: Path) -> None:
    command = [str(node()), str(JCO), "transpile", str(component), f"--out-dir={code}"]
    command += ["--no-typescript", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise HostFailed(f"jco transpile {component}: {done.stdout}{done.stderr}")


SHARED = JcoServe()
ISOLATED = JcoServe(
    f"jco serve {JCO_VERSION} --isolate-requests",
    ("--isolate-requests", f"--isolate-worker-pool-size={WORKERS}"),
)
