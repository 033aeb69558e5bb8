"""What `make compose` plugs in is what the Makefile builds before."""

import re
from pathlib import Path

from scripts.compose import PROVIDER_PLUGS, ROUTER_PLUGS

ROOT = Path(__file__).parents[2]


def test_make_builds_each_plug_first() -> None:
    makefile = (ROOT / "Makefile").read_text()
    listed = re.search(r"^PLUGS := \$\(patsubst %,build/%.wasm,(.*)\)$", makefile, re.M)
    assert listed
    plugs = {*ROUTER_PLUGS, *PROVIDER_PLUGS}
    assert {f"build/{name}.wasm" for name in listed[1].split()} == set(map(str, plugs))
