"""What `make compose` plugs in is what the Makefile builds before."""

import re
from pathlib import Path

from scripts.compose import PROVIDER_PLUGS, ROUTER_PLUGS

ROOT = Path(__file__).parents[2]


def test_make_builds_each_plug_first() -> None:
    listed = re.search(
        r"^PLUGS := (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE
    )
    assert listed
    assert listed[1].split() == [str(plug) for plug in (*ROUTER_PLUGS, *PROVIDER_PLUGS)]
