"""Building the probe twice: joined as the Makefile joins the router, and without it."""

import os
import subprocess
import sys
from pathlib import Path

from scripts.wasmtime import WASMTIME
from tests.e2e.proxy import BUILD, ROOT

OUT = BUILD / "test-probe"
PROVIDER = BUILD / "openai_component.wasm"
NO_ENVIRONMENT = BUILD / "no_environment.wasm"
SOURCES = [*Path(__file__).parent.glob("*.py"), *(ROOT / "wit" / "0.2").glob("*.wit")]


def build(name: str, *plugs: Path) -> Path:
    """Return the probe, compiled, with these components plugged into it."""
    target = OUT / f"{name}.cwasm"
    probe = _probe()
    if not _is_fresh(target, probe, *plugs):
        composed, part = OUT / f"{name}.wasm", OUT / f"{name}.part"
        given = [argument for plug in plugs for argument in ("--plug", plug)]
        _run(BUILD / "wac", "plug", probe, *given, "-o", part)
        _run(sys.executable, "-m", "scripts.share", part, composed)
        # It runs for a moment only, and optimizing takes twice as long.
        _run(WASMTIME, "compile", "-Oopt-level=0", composed, "-o", part)
        part.rename(target)
    return target


def _probe() -> Path:
    target = OUT / "probe.wasm"
    if not _is_fresh(target, *SOURCES):
        OUT.mkdir(parents=True, exist_ok=True)
        script = ROOT / "scripts" / "componentize.sh"
        _run(script, "wit/0.2", "http-proxy", "tests.e2e.probe.wasi_02", target)
    return target


def _is_fresh(target: Path, *sources: Path) -> bool:
    if not target.exists():
        return False
    made = target.stat().st_mtime
    return all(source.stat().st_mtime < made for source in sources)


def _run(*command: str | Path) -> None:
    tool = str(Path(sys.executable).with_name("componentize-py"))
    environ = os.environ | {"COMPONENTIZE_PY": tool}
    subprocess.run(command, cwd=ROOT, env=environ, timeout=120, check=True)
