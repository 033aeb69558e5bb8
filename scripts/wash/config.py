"""The file that `wash dev` reads: what is served, as whom, and where it may go.

See: https://wasmcloud.com/docs/wash/config/
"""

from typing import Any

from scripts.room import INSTANCES
from scripts.wash.workload import Workload

SETTINGS = "settings"
SECRETS = "secrets"


def wash_config(workload: Workload, build: str = "true") -> dict[str, Any]:
    """Return the file's content; `build` is a command that wash runs at its start."""
    development: dict[str, Any] = {
        "address": workload.address,
        # Else 128: the next request would wait for a connection to the upstream.
        "max_outbound_http_connections_per_workload": INSTANCES,
    }
    if workload.authorities:
        paths = [str(path.resolve()) for path in workload.authorities]
        development["http_client_ca_paths"] = paths
    environment, sources = _environment(workload)
    return {
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
