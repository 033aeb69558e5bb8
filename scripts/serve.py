"""Serve a component on loopback: `python -m scripts.serve build/final.cwasm`.

Without a key and without a base URL it starts the local upstream beside it.
"""

import argparse
import os
import signal
import sys
from contextlib import ExitStack
from pathlib import Path

from scripts.addresses import complete, wait_for
from scripts.config_file import told
from scripts.editions import Edition, edition_of, with_config
from scripts.serving import (
    asks_for_a_token,
    check_address,
    check_upstream,
    path,
    start,
    upstream_settings,
    usage,
)
from scripts.wasmtime import OLDEST, PINNED, PRECOMPILED, find_program, serve_command
from wire.errors import ConfigurationError


def main() -> int:
    """Serve until interrupted; return the exit status."""
    parser = argparse.ArgumentParser(prog="serve", description=__doc__)
    parser.add_argument(
        "component", type=Path, help="a .wasm, or a .cwasm compiled from it"
    )
    parser.add_argument("--addr", default="127.0.0.1:8080", help="host:port")
    parser.add_argument("--config", type=path, help="settings, see config/")
    parser.add_argument(
        "--wasmtime", help=f"another program than the pinned one, {OLDEST} or later"
    )
    parser.add_argument(
        "--flag",
        action="append",
        default=[],
        help="a further one for wasmtime, as --flag=--max-concurrent-requests=100",
    )
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        environ = with_config(os.environ, options.config)
        return _serve(options, edition_of(options.component), environ)
    except (ConfigurationError, ValueError) as error:
        print(told(error, options.config))
        return 1


def _serve(
    options: argparse.Namespace, edition: Edition, environ: dict[str, str]
) -> int:
    addr = complete(options.addr)
    asks = asks_for_a_token(edition, environ)
    check_address(addr, "serve", asks=asks)
    check_upstream(addr, edition, environ)
    program = find_program(options.wasmtime) if options.wasmtime else PINNED
    with ExitStack() as stack:
        environ |= upstream_settings(stack, edition, environ)
        command = serve_command(
            program.compiled(options.component),
            addr,
            (*edition.flags, *options.flag, *PRECOMPILED),
            edition.variables(environ),
            program.path,
        )
        server = start(stack, command, environ)
        if not wait_for(addr, server):
            return 1
        print(usage(addr, edition, asks=asks), flush=True)
        try:
            return server.wait()
        except KeyboardInterrupt:
            return 0


if __name__ == "__main__":
    sys.exit(main())
