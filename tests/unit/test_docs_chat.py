"""docs/chat.md tells of every field and every event, as the code has them."""

import re
from pathlib import Path

from provider.chat.asked import APIS, FIELDS, FORMATS, REASONING_EFFORTS
from provider.chat.deltas import End, Failed, Started, Token, ToolCall, Usage
from provider.chat.formats import Events

PAGE = (Path(__file__).parents[2] / "docs" / "chat.md").read_text()
EVENTS = (
    Started("m", "i"),
    Token("t"),
    ToolCall(0, "i", "n", "{}"),
    Usage(1, 2, 3),
    End("stop"),
    Failed("m", "t", "c", "x"),
)


def rows() -> list[tuple[str, str]]:
    return re.findall(r"^\| `(\w+)` \| (.*?) \|", PAGE, re.MULTILINE)


def test_every_field_is_told_of() -> None:
    fields = dict(rows()[: len(FIELDS)])
    assert fields.keys() == set(FIELDS)
    for name, words in (
        ("format", FORMATS),
        ("api", APIS),
        ("reasoning_effort", REASONING_EFFORTS),
    ):
        assert re.findall(r"`([\w-]+)`", fields[name]) == [*words]


def test_every_event_is_told_of_with_its_data() -> None:
    form = Events()
    told = dict(rows()[len(FIELDS) :])
    for delta in EVENTS:
        name, data = re.findall(r"(?:event|data): (.*)", form.encode(delta).decode())
        members = re.findall(r'"(\w+)":', data)
        assert re.findall(r'"(\w+)"', told.pop(name))[: len(members)] == members
    assert told == {}
