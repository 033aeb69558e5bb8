"""Serve a file under `wash dev`: `python -m scripts.wash.serve build/gateway.wasm`.

Without a key and without a base URL it starts the local upstream beside it.
"""

import argparse
import os
import signal
import sys
from contextlib import ExitStack
from pathlib import Path

from scripts.addresses import complete
from scripts.config_file import told
from scripts.editions import Edition, edition_of, with_config
from scripts.serving import (
    asks_for_a_token,
    check_address,
    check_upstream,
    path,
    upstream_settings,
    usage,
)
from scripts.wash.dev import WashFailed, wash_dev
from scripts.wash.secrets_file import SecretsFile, read_secrets
from scripts.wash.workload import secret_names, workload_of
from wire.errors import ConfigurationError

CONFIGS = Path("build/wash")
"""A folder for each edition, with the configuration that wash reads."""


def main() -> int:
    """Serve until interrupted; return the exit status."""
    parser = argparse.ArgumentParser(prog="wash-dev", description=__doc__)
    parser.add_argument("component", type=Path, help="a composed .wasm")
    parser.add_argument("--addr", default="127.0.0.1:8080", help="host:port")
    parser.add_argument("--config", type=path, help="settings, see config/")
    parser.add_argument("--secrets", type=path, help="a file with the key")
    parser.add_argument("--ca", type=path, help="a PEM file of authorities to trust")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        environ = with_config(os.environ, options.config)
        return _serve(options, edition_of(options.component), environ)
    except (ConfigurationError, ValueError, WashFailed) as error:
        print(told(error, options.config))
        return 1
    except KeyboardInterrupt:
        return 0


def _serve(
    options: argparse.Namespace, edition: Edition, environ: dict[str, str]
) -> int:
    secrets = _secrets(options.secrets, edition, environ)
    known = environ | dict(secrets.values if secrets else {})
    addr = complete(options.addr)
    asks = asks_for_a_token(edition, known)
    check_address(addr, "wash-dev", asks=asks)
    check_upstream(addr, edition, known)
    with ExitStack() as stack:
        environ |= upstream_settings(stack, edition, known)
        workload = workload_of(
            options.component,
            addr,
            edition,
            environ,
            secrets,
            _authorities(options.ca),
        )
        print(
            f"wash compiles {options.component} anew at each start: that takes half a "
            "minute, and longer on a busy machine.",
            flush=True,
        )
        folder = CONFIGS / options.component.stem
        server = stack.enter_context(wash_dev(workload, environ, folder, _tell))
        address = server.url.removeprefix("http://")
        print(usage(address, edition, asks=asks), flush=True)
        return server.wait()


def _secrets(
    path: Path | None, edition: Edition, environ: dict[str, str]
) -> SecretsFile | None:
    return read_secrets(path, secret_names(edition, environ)) if path else None


def _authorities(path: Path | None) -> tuple[Path, ...]:
    """Raise `ValueError` before wash would, which names no reason."""
    if path is None:
        return ()
    if not path.is_file():
        raise ValueError(f"{path} is no file of authorities.")
    return (path,)


def _tell(line: str) -> None:
    # In one piece, so that it does not end in the middle of what another thread says.
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
