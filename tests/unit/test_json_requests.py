import pytest

from provider import json_requests
from provider.json_requests import JSON_LIMIT, read_json
from tests.unit.fakes import Broken, Part, ScriptedBody, Silence, VirtualClock, run
from wire.errors import InvalidRequest
from wire.ports import SILENT, Headers


def refusal(headers: Headers, *parts: Part) -> tuple[InvalidRequest, ScriptedBody]:
    body = ScriptedBody(*parts)
    with pytest.raises(InvalidRequest) as raised:
        run(read_json(headers, body, VirtualClock()))
    assert body.closed == 1
    return raised.value, body


def test_reads_all_of_it() -> None:
    body = ScriptedBody(b'{"a":', b"1}")
    headers = (("content-length", b"7"), ("content-encoding", b"Identity"))
    assert run(read_json(headers, body, VirtualClock())) == b'{"a":1}'
    assert body.closed == 1


def test_a_body_that_says_it_is_too_large_is_not_read() -> None:
    length = (("content-length", str(JSON_LIMIT + 1).encode()),)
    error, body = refusal(length, b"{}")
    assert (error.status, error.code, body.reads) == (413, "request_too_large", 0)


def test_one_that_proves_too_large_is_not_read_to_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(json_requests, "JSON_LIMIT", 4)
    error, body = refusal((), b"12345", b"6")
    assert (error.status, error.code, body.reads) == (413, "request_too_large", 1)


def test_a_compressed_body_is_refused() -> None:
    error, _ = refusal((("content-encoding", b"gzip"),), b"\x1f\x8b")
    assert (error.status, error.code) == (415, "unsupported_media_type")
    assert error.headers == (("accept-encoding", b"identity"),)


def test_a_body_that_breaks_off_is_refused() -> None:
    error, _ = refusal((), b"{", Broken())
    assert (error.status, error.code) == (400, "incomplete_request")


def test_a_client_that_is_silent_is_told_so() -> None:
    error, _ = refusal((), b"{", Broken(SILENT))
    assert (error.status, error.code) == (408, "request_timeout")


def test_a_client_that_trickles_is_told_so() -> None:
    """A byte now and then would hold a connection for ever."""
    clock = VirtualClock()
    trickle: list[Part] = [b" ", Silence(4)]
    body = ScriptedBody(*trickle * 100, clock=clock)
    with pytest.raises(InvalidRequest) as raised:
        run(read_json((), body, clock))
    assert (raised.value.status, clock.now()) == (408, 1032)
