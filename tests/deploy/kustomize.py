"""The manifests of a kustomization, as far as deploy/ makes use of kustomize.

What stands in a kustomization and is not known here is an error. Where `kubectl` is
installed the tests build with it too.

See: https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
"""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from tests.deploy.places import Manifest, at, patch, write

Build = Callable[[Path], list[Manifest]]

LOCAL = "config.kubernetes.io/local-config"
_KNOWN = {
    "apiVersion",
    "kind",
    "resources",
    "configMapGenerator",
    "components",
    "patches",
    "replacements",
}


def build(folder: Path) -> list[Manifest]:
    """Return what is sent to a cluster."""
    return [
        manifest
        for manifest in _collect(folder)
        if LOCAL not in manifest["metadata"].get("annotations", {})
    ]


def build_by_kubectl(folder: Path) -> list[Manifest]:
    """Return the same, of the real kustomize."""
    built = subprocess.run(
        ["kubectl", "kustomize", str(folder)], check=True, capture_output=True
    ).stdout
    return list(yaml.safe_load_all(built))


def builders() -> dict[str, Build]:
    """Return the ways to build that there are on this machine."""
    found: dict[str, Build] = {"own": build}
    if shutil.which("kubectl"):
        found["kubectl"] = build_by_kubectl
    return found


def read_yaml(path: Path) -> list[Any]:
    """Return the documents of a file."""
    return list(yaml.safe_load_all(path.read_text(encoding="utf-8")))


def _collect(folder: Path) -> list[Manifest]:
    (kustomization,) = read_yaml(folder / "kustomization.yaml")
    manifests: list[Manifest] = []
    for resource in kustomization.get("resources", ()):
        path = folder / resource
        manifests += _collect(path) if path.is_dir() else read_yaml(path)
    manifests += [
        _generate(folder, g) for g in kustomization.get("configMapGenerator", ())
    ]
    identities = [(m["kind"], m["metadata"]["name"]) for m in manifests]
    assert len(identities) == len(set(identities)), f"{folder}: one thing twice"
    return _transform(folder, kustomization, manifests)


def _transform(
    folder: Path, kustomization: Any, manifests: list[Manifest]
) -> list[Manifest]:
    assert kustomization.keys() <= _KNOWN, folder
    for name in kustomization.get("components", ()):
        (component,) = read_yaml(folder / name / "kustomization.yaml")
        manifests = _transform(folder / name, component, manifests)
    for item in kustomization.get("patches", ()):
        manifests = _patched(item, manifests)
    for replacement in kustomization.get("replacements", ()):
        _replace(replacement, manifests)
    return manifests


def _generate(folder: Path, generator: Any) -> Manifest:
    assert generator["options"]["disableNameSuffixHash"]
    annotations = generator["options"]["annotations"]
    return {
        "kind": "ConfigMap",
        "metadata": {"name": generator["name"], "annotations": annotations},
        "data": {name: (folder / name).read_text() for name in generator["files"]},
    }


def _patched(item: Any, manifests: list[Manifest]) -> list[Manifest]:
    kind = item["target"]["kind"]
    targets = [manifest for manifest in manifests if manifest["kind"] == kind]
    assert targets, f"nothing is a {kind}"
    operations = yaml.safe_load(item["patch"])
    if isinstance(operations, dict):
        assert operations["$patch"] == "delete"
        return [manifest for manifest in manifests if manifest not in targets]
    for target in targets:
        for operation in operations:
            patch(target, operation)
    return manifests


def _replace(replacement: Any, manifests: list[Manifest]) -> None:
    source = replacement["source"]
    (manifest,) = (
        m
        for m in manifests
        if (m["kind"], m["metadata"]["name"]) == (source["kind"], source["name"])
    )
    text = at(manifest, _path(source["fieldPath"]))
    for target in replacement["targets"]:
        create = target.get("options", {}).get("create", False)
        for manifest in manifests:
            if manifest["kind"] == target["select"]["kind"]:
                for path in target["fieldPaths"]:
                    write(manifest, _path(path), text, create=create)


def _path(text: str) -> list[str]:
    """Split `a.b.[c.d]` at its dots, but for those in brackets."""
    before, _, name = text.partition(".[")
    return before.split(".") + ([name.rstrip("]")] if name else [])
