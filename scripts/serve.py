"""Serve a component on loopback: `python -m scripts.serve build/final.cwasm`.

Without a key and without a base URL it starts the local upstream beside it.
"""

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from ipaddress import ip_address
from pathlib import Path

from provider.settings.shared import ACCESS_TOKENS
from scripts.editions import Edition, edition_of, with_config
from scripts.wasmtime import PRECOMPILED, serve_command
from wire.errors import ConfigurationError

START_SECONDS = 60.0


def main() -> int:
    """Serve until interrupted; return the exit status."""
    parser = argparse.ArgumentParser(prog="serve", description=__doc__)
    parser.add_argument(
        "component", type=Path, help="a .wasm, or a .cwasm compiled from it"
    )
    parser.add_argument("--addr", default="127.0.0.1:8080", help="host:port")
    parser.add_argument("--config", type=Path, help="settings, see config/")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        environ = with_config(os.environ, options.config)
        return _serve(options, edition_of(options.component), environ)
    except (ConfigurationError, ValueError) as error:
        print(error)
        return 1


def _serve(
    options: argparse.Namespace, edition: Edition, environ: dict[str, str]
) -> int:
    asks = edition.is_gateway and bool(edition.sources(environ).read(ACCESS_TOKENS))
    if not (_is_loopback(options.addr) or asks):
        print(
            f"{options.addr} can be reached from outside, and nobody would need a "
            f"token: serve the gateway with {ACCESS_TOKENS.variable} set, or serve "
            "on 127.0.0.1."
        )
        return 1
    if not _is_free(options.addr):
        print(f"{options.addr} is taken; choose another: make serve ADDR=HOST:PORT")
        return 1
    with ExitStack() as stack:
        environ |= _upstream(stack, edition, environ)
        command = serve_command(
            options.component,
            options.addr,
            (*edition.flags, *PRECOMPILED),
            edition.variables(environ),
        )
        server = _start(stack, command, environ)
        if not _wait_for(options.addr, server):
            return 1
        print(_usage(options.addr, edition, asks=asks), flush=True)
        try:
            return server.wait()
        except KeyboardInterrupt:
            return 0


def _upstream(
    stack: ExitStack, edition: Edition, environ: Mapping[str, str]
) -> dict[str, str]:
    """Return the settings that lead to an upstream, if the operator gave none."""
    if not edition.has_upstream(environ):
        return _start_local_upstream(stack, edition, edition.key(environ))
    try:
        edition.provider.read(edition.sources(environ))
    except ConfigurationError as error:
        if error.code != "missing_api_key":
            raise
        print(f"{edition.key(environ)} is not set: each prompt will be refused.")
    return {}


def _start_local_upstream(
    stack: ExitStack, edition: Edition, key: str
) -> dict[str, str]:
    """Start the stand-in and return the settings that point to it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "local_upstream", "--port", str(port)]
    _wait_for(f"127.0.0.1:{port}", _start(stack, command, dict(os.environ)))
    base_url = edition.base_url.variable
    print(
        f"Neither {key} nor {base_url} is set: using the "
        f"project's local upstream on 127.0.0.1:{port}, which is no model but speaks "
        "the same event stream.",
        flush=True,
    )
    return {
        **edition.local_settings,
        key: "local-upstream-takes-any-key",
        base_url: f"http://127.0.0.1:{port}{edition.local_path}",
    }


def _start(
    stack: ExitStack, command: list[str], environ: dict[str, str]
) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(command, env=environ, stdin=subprocess.DEVNULL)
    stack.callback(_stop(process))
    return process


def _stop(process: subprocess.Popen[bytes]) -> Callable[[], None]:
    """End a process with SIGTERM: on SIGINT wasmtime waits for open streams."""

    def stop() -> None:
        process.terminate()
        process.wait()

    return stop


def _split(addr: str) -> tuple[str, int]:
    host, _, port = addr.rpartition(":")
    return host.strip("[]"), int(port)


def _is_loopback(addr: str) -> bool:
    host, _ = _split(addr)
    return host == "localhost" or ip_address(host).is_loopback


def _is_free(addr: str) -> bool:
    host, port = _split(addr)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError:
        return False
    return True


def _wait_for(addr: str, process: subprocess.Popen[bytes]) -> bool:
    """Wait until somebody listens on `addr`; False if `process` ended first."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(_split(addr), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return True
    return False


def _usage(addr: str, edition: Edition, *, asks: bool) -> str:
    """Say how to use what is served; tokens are named and not shown."""
    url = f"http://{addr}"
    token = "-H 'authorization: Bearer TOKEN' " if asks else ""
    lines = [
        f"Serving on {url}. Try:",
        "",
        f"  curl -N {token}--data-binary 'Tell me a story in one line.' "
        f"{url}{edition.prompt_path}",
        "",
    ]
    if edition.is_gateway:
        lines += [
            f'  curl -N {token}--json \'{{"prompt": "Hello"}}\' {url}/chat',
            "",
            f'  OpenAI(base_url="{url}/v1", api_key="TOKEN")  # any, if open',
            "",
        ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
