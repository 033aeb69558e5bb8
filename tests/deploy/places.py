"""Places in a manifest: the paths of kustomize's patches and of its replacements."""

from typing import Any

Manifest = dict[str, Any]


def at(manifest: Any, path: list[str]) -> Any:
    """Return what is at `path`. Raises `KeyError` or `IndexError`."""
    for name in path:
        manifest = manifest[int(name) if isinstance(manifest, list) else name]
    return manifest


def patch(manifest: Manifest, operation: Manifest) -> None:
    """Apply one operation of JSON Patch, of those that are in use.

    See: https://www.rfc-editor.org/rfc/rfc6902#section-4
    """
    *path, last = operation["path"].strip("/").split("/")
    parent = at(manifest, path)
    assert isinstance(parent, dict), "a member of an object is patched, no item"
    if operation["op"] == "remove":
        del parent[last]
        return
    assert operation["op"] in ("add", "replace")
    assert (last in parent) == (operation["op"] == "replace"), operation["path"]
    parent[last] = operation["value"]


def write(manifest: Any, path: list[str], text: str, *, create: bool) -> None:
    """Put a replacement's text at `path`, in the type of what was there."""
    name, *rest = path
    if name == "*":
        for item in manifest:
            write(item, rest, text, create=create)
        return
    if rest:
        write(manifest[name], rest, text, create=create)
        return
    if isinstance(manifest, list):
        raise AssertionError("an item of a list is no place for a replacement")
    assert create or name in manifest, f"nothing is replaced at {name}"
    manifest[name] = int(text) if isinstance(manifest.get(name), int) else text
