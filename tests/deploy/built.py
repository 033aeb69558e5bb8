"""What stands in the manifests of deploy/, and in what they are made of."""

from pathlib import Path
from typing import Any

from scripts.push import version
from tests.deploy.kustomize import read_yaml
from tests.deploy.places import Manifest

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
VERSION = version()


def workloads(manifests: list[Manifest]) -> list[Manifest]:
    """Return the WorkloadDeployments."""
    return [m for m in manifests if m["kind"] == "WorkloadDeployment"]


def workload(manifests: list[Manifest]) -> dict[str, Any]:
    """Return the `spec` of the one that there is."""
    (found,) = workloads(manifests)
    return dict(found["spec"])


def service(manifests: list[Manifest]) -> Manifest:
    """Return the one Service."""
    (found,) = (m for m in manifests if m["kind"] == "Service")
    return found


def component(manifests: list[Manifest]) -> dict[str, Any]:
    """Return the one component of the one workload."""
    (found,) = workload(manifests)["template"]["spec"]["components"]
    return dict(found)


def environment(manifests: list[Manifest]) -> dict[str, str]:
    """Return the variables that are in no Secret."""
    return dict(component(manifests)["localResources"]["environment"]["config"])


def values(deploy: Path = DEPLOY) -> dict[str, str]:
    """Return what a user changes."""
    (manifest,) = read_yaml(deploy / "base" / "values.yaml")
    return dict(manifest["data"])


def chart_values(name: str = "values") -> dict[str, Any]:
    """Return the values for wasmCloud's chart, of one file."""
    (found,) = read_yaml(DEPLOY / "wasmcloud" / f"{name}.yaml")
    return dict(found)


def edit(path: Path, old: str, new: str) -> None:
    """Change a file as a user does."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
