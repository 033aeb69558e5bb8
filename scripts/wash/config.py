"""The file that `wash dev` reads: what is served, as whom, and where it may go.

See: https://wasmcloud.com/docs/wash/config/
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

WASH_VERSION = "2.10.4"
ANY_PORT = "127.0.0.1:0"
SETTINGS = "settings"
SECRETS = "secrets"


@dataclass(frozen=True, slots=True)
class Workload:
    """A composed file, and what its guests are given; it holds no value of any.

    Variables are read from the environment of wash: one that is not set there stops
    it with an error that names the variable.
    """

    component: Path
    settings: tuple[str, ...] = ()
    """Names of variables."""
    secrets: tuple[str, ...] = ()
    """The same, of which wash takes more care."""
    secrets_file: Path | None = None
    """Lines of NAME=VALUE, readable for its owner alone."""
    allowed_hosts: tuple[str, ...] = ()
    """All that guests may ask, such as `https://api.openai.com`; empty is nobody."""
    authorities: tuple[Path, ...] = ()
    """PEM files of authorities that are trusted beside the public ones."""
    address: str = ANY_PORT


def wash_config(workload: Workload, build: str = "true") -> dict[str, Any]:
    """Return the file's content; `build` is a command that wash runs at its start."""
    development: dict[str, Any] = {"address": workload.address}
    if workload.authorities:
        paths = [str(path.resolve()) for path in workload.authorities]
        development["http_client_ca_paths"] = paths
    environment, sources = _environment(workload)
    return {
        "version": WASH_VERSION,
        "build": {"command": build, "component_path": str(workload.component)},
        "dev": development,
        "workload": {
            "environment": environment,
            "allowedHosts": list(workload.allowed_hosts),
        },
        **sources,
        # The declarations are in the project: wash would ask a registry for them.
        "wit": {"skip_fetch": True},
    }


def _environment(workload: Workload) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the names of the guests' sources, and these sources."""
    environment, sources = dict[str, Any](), dict[str, Any]()
    if workload.settings:
        environment["configFrom"] = [SETTINGS]
        sources["configs"] = {SETTINGS: {"fromEnv": list(workload.settings)}}
    secret: dict[str, Any] = {}
    if workload.secrets_file:
        secret["file"] = str(workload.secrets_file.resolve())
    if workload.secrets:
        secret["fromEnv"] = list(workload.secrets)
    if secret:
        environment["secretFrom"] = [SECRETS]
        sources["secrets"] = {SECRETS: secret}
    return environment, sources
