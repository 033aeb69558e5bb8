"""Gemini's recorded streams hold only frames that the API may send."""

import json
from pathlib import Path

import pytest

from tests.fixtures.gemini.generate import HERE, streams
from tests.spec.discovery import problems
from tests.spec.openapi import Json

FIXTURES = sorted(HERE.glob("*.sse"))
WITH_LF = {"lf", "single_lf_at_the_end"}


def _frames(path: Path) -> list[Json]:
    events = path.read_bytes().decode().replace("\r\n", "\n").strip("\n").split("\n\n")
    return [json.loads(event.removeprefix("data: ")) for event in events]


def test_they_are_what_is_generated() -> None:
    assert {path.stem: path.read_bytes() for path in FIXTURES} == streams()


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: str(path.stem))
def test_each_frame_satisfies_the_document(path: Path) -> None:
    frames = _frames(path)
    for frame in frames:
        if "error" not in frame:
            assert problems("GenerateContentResponse", frame) == []
    assert "error" not in frames[0]


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: str(path.stem))
def test_the_counts_of_a_frame_are_those_of_all_before(path: Path) -> None:
    counts = [f["usageMetadata"] for f in _frames(path) if "error" not in f]
    totals = [count["totalTokenCount"] for count in counts]
    assert totals == sorted(totals)
    kinds = ("promptTokenCount", "candidatesTokenCount", "thoughtsTokenCount")
    for count in counts:
        assert count["totalTokenCount"] == sum(count.get(kind, 0) for kind in kinds)


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: str(path.stem))
def test_lines_end_as_they_do_on_the_wire(path: Path) -> None:
    stream = path.read_bytes()
    assert stream.count(b"\r\n") == (0 if path.stem in WITH_LF else stream.count(b"\n"))
    assert stream.endswith(b"\r\n\r\n") == (path.stem not in WITH_LF)
