"""Run a lattice on loopback: `python -m scripts.lattice build/gateway.wasm`.

Without a key and without a base URL in the environment its upstream is the local one.
"""

import argparse
import os
import signal
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from scripts.config_file import told
from scripts.editions import Edition, edition_of, with_config
from scripts.lattice.daemons import LatticeError
from scripts.lattice.lattice import HOSTS, Lattice, running
from scripts.lattice.measure import figures
from scripts.lattice.workloads import Workload
from scripts.push import version
from scripts.serving import asks_for_a_token, path, token_option, upstream_settings
from wire.errors import ConfigurationError


def main() -> int:
    """Run it until interrupted; return the exit status."""
    parser = argparse.ArgumentParser(prog="lattice", description=__doc__)
    parser.add_argument("component", type=Path, help="a .wasm of build/")
    parser.add_argument("--config", type=path, help="settings, see config/")
    parser.add_argument("--hosts", type=int, default=HOSTS)
    parser.add_argument(
        "--pool",
        action="store_true",
        help="share instances between streams: see docs/lattice.md for the price",
    )
    parser.add_argument("--measure", action="store_true", help="print figures, and end")
    options = parser.parse_args()
    if options.measure and (
        options.component.stem != "gateway" or options.config or options.pool
    ):
        parser.error("figures are those of build/gateway.wasm and its local upstream")
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, lambda *_: sys.exit(0))
    try:
        with tempfile.TemporaryDirectory(prefix="lattice-") as home:
            return _run(options, edition_of(options.component), Path(home))
    except KeyboardInterrupt:
        return 0
    except (ConfigurationError, LatticeError, TimeoutError, ValueError) as error:
        print(told(error, options.config), file=sys.stderr)
        return 1


def _run(options: argparse.Namespace, edition: Edition, home: Path) -> int:
    environ = {} if options.measure else with_config(os.environ, options.config)
    with ExitStack() as stack:
        environ |= upstream_settings(stack, edition, environ)
        lattice = stack.enter_context(running(home, options.hosts))
        print("NATS, registry, hosts and balancer run.", flush=True)
        image = lattice.push(options.component, version())
        workload = _workload(image, edition, environ)
        if options.measure:
            return _measure(lattice, workload, options.component)
        print("Each host compiles the component, which takes a while.", flush=True)
        lattice.deploy(workload.pooled() if options.pool else workload)
        token = token_option(asks=asks_for_a_token(edition, environ))
        print(_usage(lattice, edition, home, token), flush=True)
        signal.pause()
    return 0


def _workload(image: str, edition: Edition, environ: Mapping[str, str]) -> Workload:
    return Workload(
        image,
        {name: environ[name] for name in edition.variables(environ)},
        allowed_hosts=(edition.origin(environ),),
    )


def _measure(lattice: Lattice, workload: Workload, component: Path) -> int:
    print("\n| what | figure |\n|---|---|", flush=True)
    for figure in figures(lattice, workload, component):
        print(f"| {figure.what} | {figure.value} |", flush=True)
    return 0


def _usage(lattice: Lattice, edition: Edition, home: Path, token: str) -> str:
    hosts = "\n".join(
        f"  {name:<10}{host.url}  process {host.daemon.pid}"
        for name, host in lattice.hosts.items()
    )
    return f"""
  balancer  {lattice.url}
{hosts}
  registry  {lattice.registry.address}
  NATS      {lattice.nats.url}
  logs      {home}/*.log

Ask:

  curl -N {token}--data-binary 'Tell me a story.' {lattice.url}{edition.prompt_path}

Kill a host with `kill -9 PROCESS`, or let it drain with `kill PROCESS`, and ask on.
Ctrl-C ends everything.
"""


if __name__ == "__main__":
    sys.exit(main())
