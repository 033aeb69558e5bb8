"""What `make serve` and `make wash-dev` share: where to listen and whom to ask.

Without a key and without a base URL the local upstream is started beside the server.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

from provider.settings.settings import SHORT_KEY
from provider.settings.shared import ACCESS_TOKENS
from scripts.addresses import (
    free_port,
    is_free,
    is_loopback,
    leads_to,
    wait_for,
)
from scripts.editions import Edition
from wire.errors import ConfigurationError


def path(text: str) -> Path:
    """Return a path as an operator writes it: make hands `~` on as it is."""
    return Path(text).expanduser()


def asks_for_a_token(edition: Edition, environ: Mapping[str, str]) -> bool:
    """Tell whether nobody gets in without a token. Raises `ConfigurationError`."""
    has_tokens = bool(edition.sources(environ).read(ACCESS_TOKENS))
    if has_tokens and not edition.is_gateway:
        print(
            f"This edition asks for no token: {ACCESS_TOKENS.variable} has no effect "
            "in it. The gateway (EDITION=gateway, gemini_gateway) asks for one.",
            flush=True,
        )
    return edition.is_gateway and has_tokens


def check_address(addr: str, target: str, *, asks: bool) -> None:
    """Refuse to serve everybody, or where another does. Raises `ValueError`."""
    if not (is_loopback(addr) or asks):
        raise ValueError(
            f"{addr} can be reached from outside, and nobody would need a "
            f"token: serve the gateway with {ACCESS_TOKENS.variable} set, or serve "
            "on 127.0.0.1."
        )
    if not is_free(addr):
        raise ValueError(
            f"{addr} is taken; choose another: make {target} ADDR=HOST:PORT"
        )


def check_upstream(addr: str, edition: Edition, environ: Mapping[str, str]) -> None:
    """Refuse an upstream that is what will be served: it would ask itself.

    The variables of clients have the same names, and lead to the gateway. Raises
    `ValueError` and `ConfigurationError`.
    """
    if leads_to(edition.origin(environ), addr):
        name = edition.sources(environ).name(edition.base_url)
        raise ValueError(
            f"{name} leads to {addr}, where this is to be served: it would ask "
            "itself. That is an address for clients; unset it here, or make it the "
            "provider's."
        )


def upstream_settings(
    stack: ExitStack, edition: Edition, environ: Mapping[str, str]
) -> dict[str, str]:
    """Return the settings that lead to an upstream, if the operator gave none.

    Says what it does. Raises `ConfigurationError`.
    """
    if not edition.has_upstream(environ):
        local = _local_settings(edition, edition.key(environ))
        edition.provider.read(edition.sources({**environ, **local}))
        _start_local_upstream(stack, edition, edition.key(environ), local)
        return local
    try:
        settings = edition.provider.read(edition.sources(environ))
        if settings.has_short_key:
            print(f"{edition.key(environ)}: {SHORT_KEY}.", flush=True)
    except ConfigurationError as error:
        if error.code != "missing_api_key":
            raise
        print(f"{error} Until then each prompt will be refused.", flush=True)
    return {}


def _local_settings(edition: Edition, key: str) -> dict[str, str]:
    """Return the settings that point to the stand-in, on a port that is free."""
    return {
        **edition.local_settings,
        key: "local-upstream-takes-any-key",
        edition.base_url.variable: f"http://127.0.0.1:{free_port()}"
        f"{edition.local_path}",
    }


def _start_local_upstream(
    stack: ExitStack, edition: Edition, key: str, settings: Mapping[str, str]
) -> None:
    """Start the stand-in where `settings` have it."""
    port = urlsplit(settings[edition.base_url.variable]).port
    command = [sys.executable, "-m", "local_upstream", "--port", str(port)]
    wait_for(f"127.0.0.1:{port}", start(stack, command, dict(os.environ)))
    base_url = edition.base_url.variable
    print(
        f"Neither {key} nor {base_url} is set: using the "
        f"project's local upstream on 127.0.0.1:{port}, which is no model but speaks "
        "the same event stream.",
        flush=True,
    )


def start(
    stack: ExitStack, command: list[str], environ: dict[str, str]
) -> subprocess.Popen[bytes]:
    """Start a process that ends with `stack`."""
    process = subprocess.Popen(command, env=environ, stdin=subprocess.DEVNULL)
    stack.callback(_stop(process))
    return process


def _stop(process: subprocess.Popen[bytes]) -> Callable[[], None]:
    """End a process with SIGTERM: on SIGINT wasmtime waits for open streams."""

    def stop() -> None:
        process.terminate()
        process.wait()

    return stop


def token_option(*, asks: bool) -> str:
    """Return the part of a curl command that shows a token, if one is asked for."""
    return "-H 'authorization: Bearer TOKEN' " if asks else ""


def usage(addr: str, edition: Edition, *, asks: bool) -> str:
    """Say how to use what is served; tokens are named and not shown."""
    url = f"http://{addr}"
    token = token_option(asks=asks)
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
