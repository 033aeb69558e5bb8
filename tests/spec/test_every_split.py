"""`/chat` at every split of every fixture, in all line ends: too many for unit."""

import pytest

from tests.unit.test_chat_streams import LINE_ENDS, NAMES, answer, ended


@pytest.mark.parametrize("ends", LINE_ENDS)
@pytest.mark.parametrize("name", NAMES)
def test_events_tell_the_same_at_every_single_split(name: str, ends: str) -> None:
    stream, whole = ended(name, ends), answer("events", ended(name, "LF"))
    for at in range(1, len(stream)):
        assert answer("events", stream[:at], stream[at:]) == whole, at
