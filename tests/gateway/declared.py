"""What a file imports and exports, without compiling it."""

from pathlib import Path

from scripts import interfaces


def imports(component: Path) -> set[str]:
    """Return the names of what a component imports."""
    return interfaces.imports(component.read_bytes())


def exports(component: Path) -> set[str]:
    """Return the names of what a component exports."""
    return interfaces.exports(component.read_bytes())
