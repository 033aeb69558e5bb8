"""Build a component of one's own: `python -m scripts.component FOLDER WASI OUT`.

The folder is a Python package that holds the module to build, `wasi_02.py` or
`wasi_03.py`, and beside it the module's world, `wasi_02.wit` or `wasi_03.wit`.
"""

import argparse
import re
import subprocess
import sys
from pathlib import Path

from scripts.serving import path

WASI = ("0.2", "0.3")
BESIDE = ("wire", "wasi_http", "provider")
"""The project's packages that a component may import."""
_PACKAGE = re.compile(r"^package ([\w:-]+)(@[\w.-]+)?;", re.MULTILINE)
_WORLD = re.compile(r"^world ([\w-]+)", re.MULTILINE)


def main() -> int:
    """Build; return the exit status."""
    parser = argparse.ArgumentParser(prog="component", description=__doc__)
    parser.add_argument("folder", type=path)
    parser.add_argument("wasi")
    parser.add_argument("out", type=path)
    options = parser.parse_args()
    try:
        module = find_module(options.folder, options.wasi)
        world = read_world(module.with_suffix(".wit"))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    options.out.parent.mkdir(parents=True, exist_ok=True)
    return _componentize(options.wasi, world, module, options.out)


def find_module(folder: Path, wasi: str) -> Path:
    """Return the module to build. Raises `ValueError`."""
    if wasi not in WASI:
        raise ValueError(f"WASI={wasi} is neither {' nor '.join(WASI)}.")
    folder = folder.resolve()
    if not folder.name.isidentifier() or folder.name in BESIDE:
        raise ValueError(
            f"{folder.name} cannot be the folder's name: give it one that Python can "
            f"import, and none of {', '.join(BESIDE)}."
        )
    module = folder / f"wasi_{wasi.replace('.', '')}.py"
    for needed in (module, module.with_suffix(".wit")):
        if not needed.is_file():
            raise ValueError(f"{needed} is missing: see docs/components.md.")
    return module


def read_world(wit: Path) -> str:
    """Return the full name of the first world in a file. Raises `ValueError`."""
    text = wit.read_text(encoding="utf-8")
    package, world = _PACKAGE.search(text), _WORLD.search(text)
    if not (package and world):
        raise ValueError(
            f"{wit} has to begin with `package NAMESPACE:NAME;` and hold a world."
        )
    return f"{package[1]}/{world[1]}{package[2] or ''}"


def _componentize(wasi: str, world: str, module: Path, out: Path) -> int:
    dotted = f"{module.parent}.{module.stem}"
    return subprocess.run(
        ["scripts/componentize.sh", f"wit/{wasi}", world, dotted, str(out), "provider"],
        check=False,
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
