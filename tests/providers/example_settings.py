"""The example settings of config/, as files."""

import json
from pathlib import Path
from typing import Any

CONFIG = Path(__file__).parents[2] / "config"
NAMES = sorted(path.stem for path in CONFIG.glob("*.json"))


def read(name: str) -> dict[str, Any]:
    """Return the settings of an example."""
    document: dict[str, Any] = json.loads((CONFIG / f"{name}.json").read_text())
    assert list(document) == ["config"]
    return dict(document["config"])
