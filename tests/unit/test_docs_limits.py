"""docs/limits.md tells of every limit, with the value that the code has."""

import re
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "limits.md").read_text()
CORE = ("wire", "http_proxy", "provider")
ROW = re.compile(r"^\| [^|]+ \| ([\d,]+)[^|]* \| [^|]+ \| `([\w.]+)` \|$", re.M)


def in_the_code() -> dict[str, int]:
    """Return every limit where it is defined, and not where it is imported.

    Settings are the operator's, who has no need of them.
    """
    found = {}
    for package in CORE:
        for path in (ROOT / package).rglob("*.py"):
            if path.parent.name == "settings":
                continue
            for name in re.findall(r"\b([A-Z_]+_LIMIT)\b(?=.* = )", path.read_text()):
                place = ".".join(path.relative_to(ROOT).with_suffix("").parts)
                found[f"{place}.{name}"] = getattr(import_module(place), name)
    return found


def test_every_limit_is_told_of_as_it_is() -> None:
    rows = [(name, int(number.replace(",", ""))) for number, name in ROW.findall(PAGE)]
    assert dict(rows) == in_the_code()
    # A limit that stands in two rows is the same in both.
    assert len(set(rows)) == len(dict(rows))
    assert len(rows) == PAGE.count("_LIMIT")
