"""Join a router and a provider: `python -m scripts.compose ROUTER PROVIDER OUT`.

As the Makefile joins the project's own: the router gets an empty environment, a
provider what it imports of the project's own plugs, and what both files carry alike is
kept once.
"""

import argparse
import shlex
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from scripts.fit import Component, check, read_component
from scripts.serving import path
from scripts.share import share

BUILD = Path("build")
WAC = BUILD / "wac"
ROUTER_PLUGS = (BUILD / "no_environment.wasm", BUILD / "bounded_body.wasm")
PROVIDER_PLUGS = (
    BUILD / "bounded_body.wasm",
    BUILD / "bounded_client.wasm",
    BUILD / "cancellation.wasm",
)


def main() -> int:
    """Join them; return the exit status."""
    parser = argparse.ArgumentParser(prog="compose", description=__doc__)
    parser.add_argument("router", type=path)
    parser.add_argument("provider", type=path)
    parser.add_argument("out", type=path)
    options = parser.parse_args()
    try:
        wasi = compose(options.router, options.provider, options.out)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    print(
        f"{options.out} is for WASI {wasi}. Serve it: .venv/bin/wasmtime serve "
        f"-Scommon --addr 127.0.0.1:8080 {shlex.quote(str(options.out))}"
    )
    return 0


def compose(router: Path, provider: Path, out: Path) -> str:
    """Join them and return the version of WASI. Raises `ValueError`."""
    if out.resolve() in (router.resolve(), provider.resolve()):
        raise ValueError(f"{out} is one of the two to join: give OUT another name.")
    asking, given = read_component(router), read_component(provider)
    wasi = check(asking, given, _given_by(ROUTER_PLUGS), _given_by(PROVIDER_PLUGS))
    out.parent.mkdir(parents=True, exist_ok=True)
    # A server may hold the file open: a new one takes its place.
    with TemporaryDirectory(dir=out.parent, prefix="compose-") as folder:
        whole, shared = Path(folder, "whole.wasm"), Path(folder, "shared.wasm")
        plug = _with_plugs(given, Path(folder, "provider.wasm"))
        _wac(router, (*_fitting(asking, ROUTER_PLUGS), plug), whole)
        shared.write_bytes(share(whole.read_bytes()))
        shared.replace(out)
    return wasi


def _given_by(plugs: Iterable[Path]) -> frozenset[str]:
    return frozenset().union(*(read_component(plug).exports for plug in plugs))


def _with_plugs(provider: Component, target: Path) -> Path:
    """Plug into a provider what it asks for; wac refuses to plug in nothing."""
    plugs = _fitting(provider, PROVIDER_PLUGS)
    if not plugs:
        return provider.path
    _wac(provider.path, plugs, target)
    return target


def _fitting(component: Component, plugs: Iterable[Path]) -> list[Path]:
    return [plug for plug in plugs if component.imports & read_component(plug).exports]


def _wac(socket: Path, plugs: Iterable[Path], target: Path) -> None:
    given = [argument for plug in plugs for argument in ("--plug", str(plug))]
    done = subprocess.run(
        [str(WAC), "plug", str(socket), *given, "-o", str(target)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ValueError(f"wac cannot join them: {done.stderr.strip()}")


if __name__ == "__main__":
    sys.exit(main())
