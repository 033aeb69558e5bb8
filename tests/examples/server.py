"""What the page serves, by the page's own command."""

import os
import shlex
import subprocess
from collections.abc import Mapping

from scripts.addresses import free_port
from tests.e2e.proxy import BUILD, Proxy
from tests.examples.page import ADDRESS, ROOT, Step

LOGS = BUILD / "logs" / "examples"
BASE_URL = "--env OPENAI_BASE_URL"


def make(command: str) -> "subprocess.CompletedProcess[str]":
    """Run a command of the page; it is no part of the make that runs the tests."""
    environ = {
        k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))
    }
    return subprocess.run(
        shlex.split(command),
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


class Served(Proxy):
    """A composition under `wasmtime serve`, which first compiles it."""

    start_patience = 300.0

    def __init__(self, step: Step, environ: Mapping[str, str]) -> None:
        self._begin(step.name, LOGS)
        # The upstream of the tests, where the page has the provider's own.
        command = step.command.replace("API_KEY", f"API_KEY {BASE_URL}")
        address = f"127.0.0.1:{free_port()}"
        command = command.replace(ADDRESS, address)
        self._run(shlex.split(command), environ, "Serving HTTP on ")
        assert self.url == f"http://{address}"
