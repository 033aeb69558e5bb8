"""The servers of others that the lattice needs, as make has prepared them."""

from pathlib import Path

from scripts.lattice.daemons import LatticeError

TOOLS = Path(__file__).parents[2] / "build" / "tools"


def find(name: str) -> str:
    """Return the path of a program. Raises `LatticeError` if it is not prepared."""
    path = TOOLS / name
    if not path.exists():
        raise LatticeError(f"{name} is missing: make build/tools/{name}")
    return str(path)
