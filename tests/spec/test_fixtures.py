"""The recorded streams hold only events that the API may send."""

from pathlib import Path

import pytest

from tests.spec.openapi import errors, event_schemas, undeclared
from tests.spec.streams import parse

FIXTURES = sorted((Path(__file__).parent.parent / "fixtures").glob("*.sse"))


def test_there_are_fixtures() -> None:
    assert FIXTURES


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: str(path.stem))
def test_each_event_satisfies_the_schema_of_its_type(path: Path) -> None:
    events = parse(path.read_bytes())
    for number, (name, event) in enumerate(events):
        assert name == event["type"]
        assert event["sequence_number"] == number
        assert errors(event_schemas()[name], event) == []
        assert undeclared(event_schemas()[name], event) == []
    assert events
