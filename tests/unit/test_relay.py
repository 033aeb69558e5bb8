import json
from pathlib import Path

import pytest

from tests.unit.fakes import Broken, Client, Log, ScriptedBody, Silence, run
from wire.ports import Reply
from wire.relay import CLIENT_CHECK_SECONDS, COPIED_LIMIT, send_reply

FIXTURES = Path(__file__).parents[1] / "fixtures"


def relay(body: bytes | ScriptedBody, client: Client, log: Log | None = None) -> str:
    """Send a reply; return the outcome that the log's line tells."""
    log = log or Log()
    run(send_reply(Reply(200, (("a", b"b"),), body), client, log.log))
    return str(json.loads(log.lines[-1])["outcome"])


@pytest.mark.parametrize(
    "path", sorted(FIXTURES.glob("*.sse")), ids=lambda path: path.stem
)
def test_every_chunk_passes_as_it_came(path: Path) -> None:
    stream = path.read_bytes()
    size = 1 if len(stream) < 4096 else 4093
    chunks = [stream[i : i + size] for i in range(0, len(stream), size)]
    client, body = Client(), ScriptedBody(*chunks)
    assert relay(body, client) == "complete"
    assert client.chunks == chunks
    assert (client.status, client.headers) == (200, (("a", b"b"),))
    assert (client.end, body.closed) == ("complete", 1)


def test_a_broken_upstream_is_a_broken_transfer() -> None:
    client, body, log = Client(), ScriptedBody(b"1", Broken("dns-error")), Log()
    assert relay(body, client, log) == "upstream_broken"
    assert (client.body, client.end, body.closed) == (b"1", "broken", 1)
    assert json.loads(log.lines[-1])["cause"] == "dns-error"


def test_a_client_gone_while_streaming_closes_the_upstream() -> None:
    client, body = Client(takes=1), ScriptedBody(b"1", b"2", b"3")
    assert relay(body, client) == "client_gone"
    assert (client.body, client.end, body.closed) == (b"1", "broken", 1)
    assert body.reads == 2


def test_a_client_gone_in_silence_is_noticed_within_a_second() -> None:
    log = Log()
    client, body = Client(), ScriptedBody(b"1", Silence(300), clock=log.clock)
    client.gone = True
    client.write = accept  # type: ignore[method-assign]
    started = log.clock.now()
    assert relay(body, client, log) == "client_gone"
    assert log.clock.now() - started == CLIENT_CHECK_SECONDS < 1
    assert body.closed == 1


async def accept(data: bytes) -> None:
    """Take a chunk although the client has gone: nobody knows it yet."""


def test_a_quiet_upstream_is_waited_for() -> None:
    client, body = Client(), ScriptedBody(b"1", Silence(299), b"2")
    assert relay(body, client) == "complete"
    assert client.chunks == [b"1", b"2"]


USAGE = b'"usage":{"input_tokens":1,"output_tokens":2}'


def test_a_long_stream_is_the_hosts_to_move_in_the_end() -> None:
    log, client = Log(), Client()
    large = b"x" * COPIED_LIMIT
    parts = (large, b"y", Silence(0.7), USAGE)
    assert relay(ScriptedBody(*parts, clock=log.clock), client, log) == "complete"
    assert client.chunks == [large, b"y", USAGE]
    assert client.spliced == 2
    line = json.loads(log.lines[-1])
    assert (line["chunks"], line["bytes"]) == (3, COPIED_LIMIT + 1 + len(USAGE))
    assert "input_tokens" not in line, "a part of the end would be taken for the end"


@pytest.mark.parametrize("size", [1, COPIED_LIMIT - len(USAGE)])
def test_of_a_stream_that_is_not_long_the_end_is_read(size: int) -> None:
    log = Log()
    relay(ScriptedBody(b"x" * size, USAGE), Client(), log)
    assert json.loads(log.lines[-1])["output_tokens"] == 2


def test_a_client_gone_from_a_long_stream() -> None:
    body = ScriptedBody(b"x" * COPIED_LIMIT, b"y", b"z")
    client = Client(takes=2)
    assert relay(body, client) == "client_gone"
    assert (len(client.chunks), body.closed) == (2, 1)


def test_an_upstream_broken_in_a_long_stream() -> None:
    client = Client()
    body = ScriptedBody(b"x" * COPIED_LIMIT, b"y", Broken())
    assert relay(body, client) == "upstream_broken"
    assert client.end == "broken"


def test_a_whole_reply_is_one_chunk() -> None:
    client = Client()
    assert relay(b"{}", client) == "complete"
    assert client.chunks == [b"{}"]


def test_a_client_gone_before_a_whole_reply() -> None:
    client = Client(takes=0)
    assert relay(b"{}", client) == "client_gone"
    assert client.end == "broken"


def test_where_no_body_may_come_none_is_missed() -> None:
    client = Client()
    client.gone = True
    assert relay(b"", client) == "complete"


def test_a_head_that_is_refused_closes_the_upstream() -> None:
    client, body = Client(), ScriptedBody(b"1")
    client.status = 200  # A second head is refused.
    with pytest.raises(AssertionError):
        relay(body, client)
    assert (body.closed, body.reads) == (1, 0)


def test_a_defect_ends_the_transfer_as_broken() -> None:
    client, body, log = Client(), ScriptedBody(b"1"), Log()
    client.defect = KeyError("x")
    with pytest.raises(KeyError):
        relay(body, client, log)
    assert (client.end, body.closed) == ("broken", 1)
    assert json.loads(log.lines[-1])["outcome"] == "abandoned"
