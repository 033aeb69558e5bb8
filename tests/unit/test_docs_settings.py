"""docs/settings.md tells of every setting, as the code has it."""

import re
from pathlib import Path

import gemini_component.settings as gemini
import openai_component.settings as openai
from provider.settings.document import LEFT_OUT
from provider.settings.setting import AnySetting
from provider.settings.shared import SHARED

PAGE = (Path(__file__).parents[2] / "docs" / "settings.md").read_text()


def row(setting: AnySetting) -> str:
    cells = (
        f"`{setting.variable}`",
        f"`{setting.path}`" if setting.path else "",
        f"`{setting.default}`" if setting.default else "",
        setting.meaning,
    )
    return f"| {' | '.join(cells)} |"


def rows_below(heading: str) -> list[str]:
    section = re.search(rf"^## {heading}$(.*?)(?=^## |\Z)", PAGE, re.M | re.S)
    assert section
    return re.findall(r"^\| `[A-Z].*\|$", section[1], re.M)


def test_every_setting_is_told_of() -> None:
    own_of_gemini = [s for s in gemini.SETTINGS if s not in SHARED]
    assert rows_below("OpenAI and all that speak the same") == [
        row(s) for s in openai.OWN
    ]
    assert rows_below("Gemini") == [row(s) for s in own_of_gemini]
    assert rows_below("All providers") == [row(s) for s in SHARED]


def test_what_was_left_out_is_told_of() -> None:
    for name in LEFT_OUT:
        assert f"`{name}`" in PAGE
