import json
from collections.abc import AsyncGenerator

import pytest

from tests.unit.fakes import Client, Log, ScriptedBody, run
from wire.errors import InvalidRequest
from wire.headers import find
from wire.ports import Reply
from wire.respond import REQUEST_ID_LIMIT, deliver, identify, settle

REPLY = Reply(200, (("content-type", b"text/plain"),), b"ok")


async def give() -> Reply:
    return REPLY


async def refuse() -> Reply:
    raise InvalidRequest("No.", status=415, code="no")


async def fail() -> Reply:
    raise KeyError("sk-secret prompt")


def test_an_id_that_is_too_long_is_none() -> None:
    for extra, expected in ((0, b"x" * REQUEST_ID_LIMIT), (1, b"req_own")):
        log = Log()
        given = (("x-request-id", b"x" * (REQUEST_ID_LIMIT + extra)),)
        reply = identify(Reply(200, given, b""), log.log)
        assert reply.headers == (("x-request-id", expected),)
        assert log.log.request_id == expected.decode()


def test_an_answer_is_settled() -> None:
    assert run(settle(give(), Log().log)) is REPLY


def test_an_error_becomes_its_reply() -> None:
    log = Log()
    reply = run(settle(refuse(), log.log))
    assert reply.status == 415
    assert log.log.code == "no"


def test_a_defect_becomes_a_500_that_shows_nothing() -> None:
    log, client = Log(), Client()
    reply = run(settle(fail(), log.log))
    run(deliver(reply, client, log.log))
    assert client.status == 500
    assert json.loads(client.body)["error"]["code"] == "internal_error"
    line = json.loads(log.lines[0])
    assert line["cause"].startswith("KeyError at test_respond.py:")
    assert "secret" not in log.lines[0] + client.body.decode()


def test_a_defect_while_sending_escapes_nobody() -> None:
    log, client = Log(), Client()
    client.defect = ZeroDivisionError("sk-secret")
    run(deliver(REPLY, client, log.log))
    assert client.end == "broken"
    assert [json.loads(line)["event"] for line in log.lines] == ["request", "defect"]
    assert "secret" not in "".join(log.lines)


def test_every_reply_has_a_request_id() -> None:
    log, client = Log(), Client()
    run(deliver(REPLY, client, log.log))
    assert find(client.headers, "x-request-id") == "req_own"


def test_the_upstreams_request_id_goes_first() -> None:
    log, client = Log(), Client()
    run(deliver(Reply(200, (("x-request-id", b"req_up"),), b""), client, log.log))
    assert client.headers == (("x-request-id", b"req_up"),)
    assert json.loads(log.lines[0])["request_id"] == "req_up"


def test_an_empty_request_id_is_replaced() -> None:
    client = Client()
    run(deliver(Reply(200, (("x-request-id", b""),), b""), client, Log().log))
    assert client.headers == (("x-request-id", b"req_own"),)


@pytest.mark.parametrize(
    "value",
    [
        b"req up",
        b"x" * 129,
        b'req"',
        b"req\xff",
        b"req/1",
        "réq".encode("latin-1"),
        b"%72eq",
        b"{}",
    ],
)
def test_what_is_no_request_id_is_replaced(value: bytes) -> None:
    log, client = Log(), Client()
    run(deliver(Reply(200, (("x-request-id", value),), b""), client, log.log))
    assert client.headers == (("x-request-id", b"req_own"),)
    assert json.loads(log.lines[0])["request_id"] == "req_own"


def test_there_is_one_request_id() -> None:
    log, client = Log(), Client()
    two = (("x-request-id", b"a.b:c-d_" + b"e" * 120), ("x-request-id", b"evil id"))
    run(deliver(Reply(200, two, b""), client, log.log))
    assert client.headers == (two[0],)
    assert json.loads(log.lines[0])["request_id"] == two[0][1].decode()


def test_head_gives_the_upstreams_body_up() -> None:
    client, body = Client(), ScriptedBody(b"x")
    run(deliver(Reply(200, (), body), client, Log().log, method="HEAD"))
    assert (client.body, body.closed, body.reads) == (b"", 1, 0)


def test_head_asks_for_no_piece() -> None:
    asked = []

    async def pieces() -> AsyncGenerator[bytes, None]:
        asked.append(True)
        yield b"x"

    client = Client()
    run(deliver(Reply(200, (), pieces()), client, Log().log, method="HEAD"))
    assert (client.body, client.end, asked) == (b"", "complete", [])


def test_head_has_no_body() -> None:
    client = Client()
    run(deliver(REPLY, client, Log().log, method="HEAD"))
    assert (client.status, client.body, client.end) == (200, b"", "complete")
    assert find(client.headers, "content-type") == "text/plain"
