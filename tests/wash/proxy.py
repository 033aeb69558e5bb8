"""`wash dev` as a server of the tests, by its launcher or by `make wash-dev`."""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from scripts.wash.dev import START_SECONDS, WashDev
from scripts.wash.workload import Workload
from tests.e2e.proxy import BUILD, ROOT, Proxy, without_settings

LOGS = BUILD / "logs" / "wash"


class WashProxy(Proxy):
    """One server by the launcher; `environ` is all that its guests see."""

    ends_with = 0

    def __init__(
        self,
        name: str,
        workload: Workload,
        environ: Mapping[str, str],
        folder: Path,
        logs: Path = LOGS,
    ) -> None:
        self._begin(name, logs)
        self._wash = WashDev(
            workload,
            {**without_settings(), **environ},
            folder,
            lambda line: self._tell(f"{line}\n"),
            empty_user_config(folder),
        )
        try:
            self._wash.wait_ready()
        except BaseException:
            self._end()
            raise
        self._is_at(f"{self._wash.url}/")

    @property
    def pid(self) -> int:
        return self._wash.pid

    def _end(self) -> int:
        status = self._wash.stop()
        self._tell(None)
        self._log.close()
        return status


class CommandProxy(Proxy):
    """One server by the command of `make wash-dev`, with what that says of itself."""

    start_patience = START_SECONDS
    ends_with = 0

    def __init__(
        self, name: str, arguments: list[str], environ: Mapping[str, str], home: Path
    ) -> None:
        self._begin(name, LOGS)
        command = [sys.executable, "-m", "scripts.wash.serve", "--addr=127.0.0.1:0"]
        # A developer's own configuration of wash stays out of the tests.
        settings = {**environ, "HOME": str(home), "XDG_CONFIG_HOME": str(home)}
        unbuffered = {"PYTHONUNBUFFERED": "1"}
        self._run([*command, *arguments], settings | unbuffered, "Serving on ")


def empty_user_config(folder: Path) -> Path:
    """Write a configuration of the user in which nothing is set."""
    path = folder / "user.json"
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text("{}")
    return path


def written(component: str) -> dict[str, object]:
    """Return the configuration that the command has written for an edition."""
    path = ROOT / "build" / "wash" / component / ".wash" / "config.json"
    content: dict[str, object] = json.loads(path.read_text())
    return content


def path_of(component: str) -> str:
    """Return the composed file of an edition, as the Makefile names it."""
    return os.path.relpath(BUILD / f"{component}.wasm", ROOT)
