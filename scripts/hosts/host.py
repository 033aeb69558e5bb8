"""What a host is here: a program that serves a composed file over HTTP."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build"
OWN = BUILD / "hosts"
"""What is installed for hosts alone."""


@dataclass(frozen=True, slots=True)
class Served:
    """A file that is served."""

    url: str
    address: tuple[str, int]
    pid: int
    """Of the process that was started; it may have children."""
    log: Callable[[], str]
    """Returns what host and guests have written so far."""
    route: str = "/openai-proxy"
    """Where prompts are taken."""


def served(
    port: int, pid: int, log: Callable[[], str], hostname: str = "127.0.0.1"
) -> Served:
    """Return what is served on a port of loopback."""
    return Served(f"http://{hostname}:{port}", (hostname, port), pid, log)


class Host(Protocol):
    """A program of one version, with the flags that it is given here."""

    @property
    def name(self) -> str:
        """What the table of docs/hosts.md calls it."""
        ...

    @property
    def editions(self) -> tuple[str, ...]:
        """Files of build/ that it runs, by their stem."""
        ...

    def start(
        self, component: Path, environ: Mapping[str, str], home: Path
    ) -> AbstractContextManager[Served]:
        """Serve a file for the length of a block, which begins when it answers.

        `environ` is all that guests are to see. Logs and what else is written go into
        `home`. Raises `HostFailed`.
        """
        ...


class HostFailed(Exception):
    """A host is not installed or did not come up; the message says which and why."""
