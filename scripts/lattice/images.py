"""Images in a registry: files of build/ pushed and pulled with `wash oci`."""

import os
import subprocess
import tempfile
from pathlib import Path

from scripts.lattice.daemons import LatticeError
from scripts.wash.dev import WASH
from scripts.wasm_file import encode

ABSENT = ("manifest unknown", "name unknown", "not found")
"""What registries say of an image that they do not have."""
HIDDEN = ("denied", "unauthorized", "not authorized")
"""And what some say instead, to those who may push it."""
_CUSTOM = b"\0"
"""The id of a section that changes nothing, in a component's file."""


class AbsentError(LatticeError):
    """The registry does not have the image."""


class HiddenError(LatticeError):
    """The registry does not say whether it has the image."""


def push(image: str, component: Path, *, is_plain: bool) -> None:
    """Push a file; `is_plain` is over http. Raises `LatticeError`."""
    _oci("push", image, component, is_plain=is_plain)


def pull(image: str, component: Path, *, is_plain: bool) -> None:
    """Pull an image into a file.

    Raises `AbsentError`, `HiddenError`, `LatticeError`.
    """
    _oci("pull", image, component, is_plain=is_plain)


def mark(component: bytes, version: str) -> bytes:
    """Return a component that does the same, and is another image."""
    name = b"version"
    body = encode(len(name)) + name + version.encode()
    return component + _CUSTOM + encode(len(body)) + body


def _oci(verb: str, image: str, component: Path, *, is_plain: bool) -> None:
    insecure = ["--insecure"] if is_plain else []
    # It would answer from its cache what the registry may have otherwise by now.
    with tempfile.TemporaryDirectory() as cache:
        done = subprocess.run(
            [str(WASH), "oci", verb, *insecure, image, str(component)],
            env={**os.environ, "XDG_CACHE_HOME": cache},
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        said = f"{done.stdout}{done.stderr}".partition("Stack backtrace")[0].strip()
        raise _kind(said.lower())(said)


def _kind(said: str) -> type[LatticeError]:
    if any(words in said for words in ABSENT):
        return AbsentError
    return HiddenError if any(words in said for words in HIDDEN) else LatticeError
