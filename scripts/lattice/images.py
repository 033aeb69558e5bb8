"""Images in a registry: a file of build/ pushed and pulled with `wash oci`."""

import subprocess
import sys
from pathlib import Path

from scripts.lattice.daemons import LatticeError

WASH = Path(sys.executable).with_name("wash")


def push(image: str, component: Path, *, is_plain: bool) -> None:
    """Push a file; `is_plain` is over http. Raises `LatticeError`."""
    _oci("push", image, component, is_plain=is_plain)


def pull(image: str, component: Path, *, is_plain: bool) -> None:
    """Pull an image into a file. Raises `LatticeError`."""
    _oci("pull", image, component, is_plain=is_plain)


def _oci(verb: str, image: str, component: Path, *, is_plain: bool) -> None:
    insecure = ["--insecure"] if is_plain else []
    command = [str(WASH), "oci", verb, *insecure, image, str(component)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = f"{done.stdout}{done.stderr}".strip()
        raise LatticeError(f"wash oci {verb} {image} fails: {said}")
