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

from openai_component import settings as openai
from wire import settings as wire

# wasmtime's pool holds 1000 core instances by default, and a Python component has about
# 14: without these, a pair answers 500 from its 36th stream at once on.
POOL = (
    "-Opooling-total-core-instances=20000",
    "-Opooling-total-component-instances=2000",
    "-Opooling-total-memories=2000",
    "-Opooling-total-tables=20000",
)
# An instance of the gateway takes 16 streams at once by default, 128 in its life. With
# more, a thousand streams make fewer: 68 MiB in place of 115. A trap, which no
# request may cause, would end as many streams.
SHARING = (
    "--max-instance-concurrent-reuse-count=64",
    "--max-instance-reuse-count=1000",
)
START_SECONDS = 60.0


def main() -> int:
    """Serve until interrupted; return the exit status."""
    parser = argparse.ArgumentParser(prog="serve", description=__doc__)
    parser.add_argument("component", help="a .wasm, or a .cwasm compiled from it")
    parser.add_argument("--addr", default="127.0.0.1:8080", help="host:port")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    if not (_is_loopback(options.addr) or _asks_for_token(options, os.environ)):
        print(
            f"{options.addr} can be reached from outside, and nobody would need a "
            f"token: serve the gateway with {wire.ACCESS_TOKENS.name} set, or serve "
            "on 127.0.0.1."
        )
        return 1
    if not _is_free(options.addr):
        print(f"{options.addr} is taken; choose another: make serve ADDR=HOST:PORT")
        return 1
    with ExitStack() as stack:
        environ = dict(os.environ)
        if not _has_upstream(environ):
            environ |= _start_local_upstream(stack)
        elif not environ.get(openai.API_KEY.name):
            print(f"{openai.API_KEY.name} is not set: each prompt will be refused.")
        server = _start(stack, _serve_command(options, environ), environ)
        if not _wait_for(options.addr, server):
            return 1
        print(_usage(options, environ), flush=True)
        try:
            return server.wait()
        except KeyboardInterrupt:
            return 0


def _has_upstream(environ: dict[str, str]) -> bool:
    return any(environ.get(s.name) for s in (openai.API_KEY, openai.BASE_URL))


def _start_local_upstream(stack: ExitStack) -> dict[str, str]:
    """Start the stand-in and return the settings that point to it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "local_upstream", "--port", str(port)]
    _wait_for(f"127.0.0.1:{port}", _start(stack, command, dict(os.environ)))
    print(
        f"Neither {openai.API_KEY.name} nor {openai.BASE_URL.name} is set: using the "
        f"project's local upstream on 127.0.0.1:{port}, which is no model but speaks "
        "the same event stream.",
        flush=True,
    )
    return {
        openai.API_KEY.name: "local-upstream-takes-any-key",
        openai.BASE_URL.name: f"http://127.0.0.1:{port}/v1",
    }


def _serve_command(options: argparse.Namespace, environ: dict[str, str]) -> list[str]:
    """Build the command line; it names variables and holds no value of any."""
    known = (*openai.SETTINGS, *wire.SETTINGS, *wire.GATEWAY_SETTINGS)
    passed = [f"--env={setting.name}" for setting in known if setting.name in environ]
    return [
        str(Path(sys.executable).with_name("wasmtime")),
        "serve",
        "-Scommon",
        *(SHARING if _is_gateway(options) else POOL),
        f"--addr={options.addr}",
        "--no-logging-prefix",
        *passed,
        "--allow-precompiled",
        options.component,
    ]


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


def _usage(options: argparse.Namespace, environ: dict[str, str]) -> str:
    """Say how to use what is served; tokens are named and not shown."""
    url = f"http://{options.addr}"
    asks = _asks_for_token(options, environ)
    token = "-H 'authorization: Bearer TOKEN' " if asks else ""
    lines = [
        f"Serving on {url}. Try:",
        "",
        f"  curl -N {token}--data-binary 'Tell me a story in one line.' "
        f"{url}/openai-proxy",
        "",
    ]
    if _is_gateway(options):
        lines += [f'  OpenAI(base_url="{url}/v1", api_key="TOKEN")  # any, if open', ""]
    return "\n".join(lines)


def _asks_for_token(options: argparse.Namespace, environ: Mapping[str, str]) -> bool:
    return _is_gateway(options) and bool(environ.get(wire.ACCESS_TOKENS.name))


def _is_gateway(options: argparse.Namespace) -> bool:
    return Path(options.component).stem == "gateway"


if __name__ == "__main__":
    sys.exit(main())
