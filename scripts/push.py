"""Push a file of build/ to a registry: `python -m scripts.push IMAGE build/NAME.wasm`.

The tag is the project's version unless the image has one. A tag that is there with
other bytes stays as it is: hosts keep what they have pulled, and would not look again.
"""

import argparse
import sys
import tempfile
import tomllib
from ipaddress import ip_address
from pathlib import Path

from scripts.lattice.daemons import LatticeError
from scripts.lattice.images import AbsentError, HiddenError, pull, push

ROOT = Path(__file__).parents[1]
USAGE = "make push IMAGE=registry.example/llm/openai-proxy"


def main() -> int:
    """Push; return the exit status."""
    parser = argparse.ArgumentParser(prog="push", description=__doc__)
    parser.add_argument("image", help="registry.example/llm/openai-proxy[:tag]")
    parser.add_argument("component", type=Path)
    parser.add_argument(
        "--insecure", action="store_true", help="over http, as is done on loopback"
    )
    parser.add_argument(
        "--replace", action="store_true", help="even if the tag has other bytes"
    )
    options = parser.parse_args()
    try:
        image = complete(options.image, version())
        is_plain = options.insecure or is_loopback(image)
        print(_push(image, options.component, is_plain, replace=options.replace))
    except (LatticeError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def version() -> str:
    """Return the project's version."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return str(project["version"])


def complete(image: str, tag: str) -> str:
    """Return the image with a tag: `tag` unless it has one. Raises `ValueError`."""
    registry, slash, name = image.partition("/")
    is_host = registry == "localhost" or set(registry) & {".", ":"}
    if not (is_host and name):
        said = f"{image} names no registry" if slash or image else "IMAGE is missing"
        raise ValueError(f"{said}: {USAGE}")
    if "@" in name:
        raise ValueError(f"{image} names bytes by a digest: leave it to the registry.")
    has_tag = ":" in name.rpartition("/")[2]
    return image if has_tag else f"{image}:{tag}"


def is_loopback(image: str) -> bool:
    """Tell whether an image's registry is on this machine."""
    host = image.partition("/")[0].rpartition(":")[0] or image.partition("/")[0]
    try:
        return host == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _push(image: str, component: Path, is_plain: bool, *, replace: bool) -> str:
    if not replace:
        there = _pulled(image, is_plain)
        if there == component.read_bytes():
            return f"{image} is there already, byte for byte."
        if there is not None:
            raise LatticeError(
                f"{image} is there with other bytes, and stays as it is. Raise the "
                "version in pyproject.toml, give another tag, or say REPLACE=1."
            )
    push(image, component, is_plain=is_plain)
    return f"{image} pushed: {component.stat().st_size:,} bytes."


def _pulled(image: str, is_plain: bool) -> bytes | None:
    """Return what the registry has, None if nothing as far as it tells.

    Raises `LatticeError` if it cannot be asked.
    """
    with tempfile.TemporaryDirectory() as folder:
        there = Path(folder) / "there.wasm"
        try:
            pull(image, there, is_plain=is_plain)
        except AbsentError:
            return None
        except HiddenError:
            print(f"Whether {image} is there already cannot be seen.", file=sys.stderr)
            return None
        except LatticeError as error:
            raise LatticeError(
                f"Whether {image} is there already cannot be seen, and what is there "
                f"stays as it is unless you say REPLACE=1. {error}"
            ) from error
        return there.read_bytes()


if __name__ == "__main__":
    sys.exit(main())
