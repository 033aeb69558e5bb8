"""A client's pace is the upstream's: nothing piles up in between."""

from tests.host.client import Client
from tests.host.peers import Pace
from tests.host.stage import Provider
from tests.host.upstream import Answer

CHUNK = bytes(range(256)) * 64
BODY = (CHUNK,) * 40


def test_a_client_that_takes_nothing_stops_the_reading(provider: Provider) -> None:
    client = Client(takes=Pace(limit=0), leaves_at=60.0)
    run = provider.stream(Answer(BODY), client=client)
    assert run.upstream.only.answer.bytes_read <= len(CHUNK)


def test_a_client_that_stops_stops_the_reading(provider: Provider) -> None:
    client = Client(takes=Pace(limit=3 * len(CHUNK)), leaves_at=60.0)
    run = provider.stream(Answer(BODY), client=client)
    assert run.reply.body == CHUNK * 3
    assert run.upstream.only.answer.bytes_read <= 4 * len(CHUNK)


def test_a_client_that_takes_little_at_a_time_gets_all(provider: Provider) -> None:
    client = Client(takes=Pace(permit=1000, pause=0.01))
    run = provider.stream(Answer(BODY[:4]), client=client)
    assert run.reply.body == CHUNK * 4
    assert run.reply.end == "finished"
    # 66 pieces, and as many pauses but one: no time is lost in between.
    assert len(run.reply.chunks) == 4 * 17
    assert 0.66 <= run.clock.seconds <= 0.70


def test_a_client_that_takes_one_byte_at_a_time_gets_all(provider: Provider) -> None:
    client = Client(takes=Pace(permit=1, pause=0.001))
    run = provider.stream(Answer((b"data: slow\n\n",)), client=client)
    assert run.reply.chunks == [bytes([byte]) for byte in b"data: slow\n\n"]
    assert run.reply.end == "finished"
