import json
from typing import Any

import pytest

from provider.upstream_replies import (
    ERROR_BODY_LIMIT,
    ERROR_BODY_SECONDS,
    stream_reply,
    upstream_error_reply,
)
from tests.unit.fakes import Broken, Part, ScriptedBody, Silence, VirtualClock, run
from tests.unit.fakes import response as build_response
from wire.errors import UpstreamError
from wire.headers import FIELD_BYTES, HEADERS_LIMIT, find
from wire.ports import Reply, UpstreamResponse

SECRET = "sk-Ab+c/d=9"
OPENAI_ERROR = (
    b'{ "error": {"message": "No such model", "type": "invalid_request_error",'
    b' "param": null, "code": "model_not_found"}}'
)


def error_reply(
    upstream: UpstreamResponse,
    *,
    exhausted: bool = False,
    secrets: tuple[str, ...] = (),
    clock: VirtualClock | None = None,
) -> Reply:
    clock = clock or VirtualClock()
    reply = run(
        upstream_error_reply(upstream, clock, exhausted=exhausted, secrets=secrets)
    )
    assert isinstance(upstream.body, ScriptedBody)
    assert upstream.body.closed
    return reply


@pytest.mark.parametrize("status", [200, 400, 429])
def test_headers_over_the_limit_are_an_error_of_ours(status: int) -> None:
    room = HEADERS_LIMIT - FIELD_BYTES - len("openai-x")
    fits = build_response(status, openai_x="x" * room, set_cookie="x" * 100_000)
    assert len(find(_answer(fits).headers, "openai-x") or "") == room
    upstream = build_response(status, openai_x="x" * (room + 1))
    with pytest.raises(UpstreamError) as raised:
        _answer(upstream)
    assert (raised.value.status, raised.value.code) == (502, "upstream_headers")
    assert isinstance(upstream.body, ScriptedBody)
    assert upstream.body.closed


def _answer(upstream: UpstreamResponse) -> Reply:
    if upstream.status == 200:
        return stream_reply(upstream, (SECRET,))
    return error_reply(upstream)


def rebuilt(status: int, *parts: Part) -> dict[str, Any]:
    reply = error_reply(build_response(status, *parts))
    assert reply.status == status
    assert isinstance(reply.body, bytes)
    parsed = json.loads(reply.body)
    assert parsed.keys() == {"error"}
    assert parsed["error"].keys() == {"message", "type", "param", "code"}
    return dict(parsed["error"])


def test_an_openai_error_stands_byte_for_byte() -> None:
    upstream = build_response(
        404,
        OPENAI_ERROR[:9],
        OPENAI_ERROR[9:],
        content_type="application/json; charset=utf-8",
        retry_after="3",
        x_ratelimit_limit_requests="60",
        server="cloud",
    )
    reply = error_reply(upstream)
    assert (reply.status, reply.body) == (404, OPENAI_ERROR)
    assert dict(reply.headers) == {
        "content-type": b"application/json",
        "cache-control": b"no-store",
        "retry-after": b"3",
        "x-ratelimit-limit-requests": b"60",
    }


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"error": "model not found"}', "model not found"),
        (b'{"error": {"message": "too long"}}', "too long"),
        (b'{"object": "error", "message": "too long", "code": 400}', "too long"),
        (b'{"detail": "Not Found"}', "Not Found"),
        (b'[{"error": {"code": 400, "message": "too long"}}]', "too long"),
        (b'[{"error": "too long"}, {"error": "and too late"}]', "too long"),
        (b'[{"detail": "too long"}]', "too long"),
    ],
)
def test_keeps_the_reason_of_other_shapes(body: bytes, message: str) -> None:
    assert rebuilt(400, body) == {
        "message": message,
        "type": "invalid_request_error",
        "param": None,
        "code": None,
    }


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Bad Gateway</html>",
        b"upstream connect error",
        b"[1]",
        b"[]",
        b"[[{}]]",
        b"[{}]",
        b"{}",
        b'{"error": null}',
        b'{"detail": [{"loc": ["body"]}]}',
        b'{"error": ',
        b"[" * 50_000,
        b"\xff\xfe",
    ],
)
def test_gives_a_reason_where_there_is_none(body: bytes) -> None:
    error = rebuilt(503, body)
    assert error["message"] == (
        "The upstream answered 503 (Service Unavailable) and gave no reason."
    )
    assert error["type"] == "server_error"


def test_keeps_type_code_and_param_of_a_partial_error() -> None:
    body = b'{"error": {"message": "m", "type": "t", "code": "c", "param": "p"'
    assert rebuilt(400, body + b"}}")["type"] == "t"
    assert rebuilt(429, b'{"error": {"message": "m", "code": "c"}}')["code"] == "c"


def test_an_openai_error_in_an_array_comes_out_of_it() -> None:
    error = rebuilt(404, b"[", OPENAI_ERROR, b"]")
    assert (error["message"], error["code"]) == ("No such model", "model_not_found")


@pytest.mark.parametrize("member", ["code", "param"])
@pytest.mark.parametrize("value", [b"429", b"true", b"{}", b"[]"])
def test_a_member_of_another_type_is_left_out(member: str, value: bytes) -> None:
    """Clients in typed languages cannot read a number, as vLLM's codes are."""
    null = {"code": b'"model_not_found"', "param": b"null"}[member]
    name = f'"{member}": '.encode()
    error = rebuilt(429, OPENAI_ERROR.replace(name + null, name + value))
    assert (error["message"], error[member]) == ("No such model", None)


def test_names_a_status_without_a_standard_meaning() -> None:
    assert "529 (no standard meaning)" in str(rebuilt(529)["message"])


def test_an_echoed_key_is_redacted() -> None:
    echo = OPENAI_ERROR.replace(b"No such model", b"Bad key sk-1, sk-1")
    reply = error_reply(build_response(403, echo), secrets=("sk-1",))
    assert isinstance(reply.body, bytes)
    assert b"sk-1" not in reply.body
    assert b"Bad key [redacted], [redacted]" in reply.body


def test_a_refused_key_is_no_matter_of_the_clients() -> None:
    """OpenAI's own error shows both ends of the key, and says where to get one."""
    theirs = OPENAI_ERROR.replace(
        b"No such model", b"Incorrect API key provided: sk-pr***1234. You can find"
    )
    upstream = build_response(401, theirs, x_request_id="req_1")
    reply = error_reply(upstream, secrets=("sk-proj-1234",))
    assert reply.status == 401
    assert ("x-request-id", b"req_1") in reply.headers
    assert isinstance(reply.body, bytes)
    told = json.loads(reply.body)["error"]
    assert told["code"] == "upstream_key_refused"
    assert "its operator" in told["message"]
    assert b"sk-pr" not in reply.body and b"Incorrect" not in reply.body
    assert isinstance(upstream.body, ScriptedBody)
    assert (upstream.body.reads, upstream.body.closed) == (0, 1)


@pytest.mark.parametrize(
    "written",
    [
        "sk-Ab+c\\/d=9",
        "sk-Ab\\u002Bc/d\\u003d9",
        "\\u0073\\u006B-Ab+c/d=9",
        "sk-Ab%2Bc%2Fd=9",
        "sk-Ab%252bc%252fd%253D9",
        "SK-AB+C/D=9",
    ],
)
def test_an_escaped_key_is_redacted(written: str) -> None:
    body = OPENAI_ERROR.replace(b"No such model", f"Bad: {written}.".encode())
    reply = error_reply(build_response(400, body), secrets=(SECRET,))
    assert isinstance(reply.body, bytes)
    error = json.loads(reply.body)["error"]
    assert error["message"] in ("Bad: [redacted].", "[redacted]")
    assert error["code"] == "model_not_found"


@pytest.mark.parametrize("name", ["message", "type", "param", "code", "other"])
def test_no_member_holds_a_key(name: str) -> None:
    fields = {"message": "m", "type": "t", "param": "p", "code": "c", name: SECRET}
    body = json.dumps({"error": fields}).encode()
    reply = error_reply(build_response(400, body), secrets=(SECRET,))
    assert isinstance(reply.body, bytes)
    told = json.loads(reply.body)["error"]
    assert told.get(name, "[redacted]") == "[redacted]"
    assert list(told) == ["message", "type", "param", "code"]


def test_a_member_that_stands_twice_hides_no_key() -> None:
    twice = OPENAI_ERROR.replace(
        b'"error"', b'"error": {"x": "sk-Ab\\u002bc/d=9"}, "error"'
    )
    reply = error_reply(build_response(400, twice), secrets=(SECRET,))
    assert isinstance(reply.body, bytes)
    assert b"sk-Ab" not in reply.body


@pytest.mark.parametrize("status", [200, 400, 401, 503])
def test_a_header_that_holds_a_key_stays_behind(status: int) -> None:
    upstream = build_response(
        status,
        OPENAI_ERROR,
        x_request_id=SECRET.replace("+", "%2B"),
        openai_project=f"of {SECRET}",
        openai_model="gpt-4.1",
    )
    if status == 200:
        reply = stream_reply(upstream, (SECRET,))
    else:
        reply = error_reply(upstream, secrets=(SECRET,))
    names = [name for name, _ in reply.headers]
    assert "openai-model" in names
    assert not {"x-request-id", "openai-project"} & set(names)


def test_marks_retries_that_are_used_up() -> None:
    upstream = build_response(503, x_should_retry="true")
    reply = error_reply(upstream, exhausted=True)
    assert [value for name, value in reply.headers if name == "x-should-retry"] == [
        b"false"
    ]
    reply = error_reply(build_response(503, x_should_retry="true"))
    assert find(reply.headers, "x-should-retry") == "true"


def test_a_broken_error_body_leaves_the_status() -> None:
    assert rebuilt(500, b'{"error": {"mess', Broken())["type"] == "server_error"


def test_a_silent_error_body_is_not_waited_for() -> None:
    clock = VirtualClock()
    started = clock.now()
    upstream = build_response(500, b"<html>", Silence(1000), clock=clock)
    error_reply(upstream, clock=clock)
    assert clock.now() - started <= ERROR_BODY_SECONDS


def test_an_endless_error_body_is_cut() -> None:
    upstream = build_response(500, *[b"x" * 1024] * 1000)
    error_reply(upstream)
    assert isinstance(upstream.body, ScriptedBody)
    assert upstream.body.reads <= ERROR_BODY_LIMIT // 1024


@pytest.mark.parametrize("status", [100, 302, 304, 600, 999])
def test_a_status_that_is_no_error_is_a_bad_gateway(status: int) -> None:
    upstream = build_response(status, location="https://elsewhere.example")
    with pytest.raises(UpstreamError, match=str(status)) as raised:
        error_reply(upstream)
    assert (raised.value.status, raised.value.code) == (502, "upstream_status")
