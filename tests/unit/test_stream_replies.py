from dataclasses import replace

import pytest

from provider.upstream_replies import stream_reply
from tests.unit.fakes import ScriptedBody
from tests.unit.fakes import response as build_response
from wire.errors import UpstreamError
from wire.headers import find

SECRET = "sk-unit-1234"


def test_hands_the_stream_on() -> None:
    upstream = build_response(
        200,
        content_type="text/event-stream; charset=utf-8",
        x_request_id="req_1",
        x_should_retry="true",
        set_cookie="a=b",
        content_encoding="identity",
    )
    reply = stream_reply(upstream, (SECRET,))
    assert reply.body is upstream.body
    assert reply.status == 200
    assert reply.headers == (
        ("content-type", b"text/event-stream; charset=utf-8"),
        ("x-request-id", b"req_1"),
        ("cache-control", b"no-cache"),
        ("x-accel-buffering", b"no"),
    )


def test_refuses_an_encoded_stream() -> None:
    upstream = build_response(200, content_encoding="gzip")
    with pytest.raises(UpstreamError, match="encoded") as raised:
        stream_reply(upstream, (SECRET,))
    assert (raised.value.status, raised.value.code) == (502, "upstream_encoding")
    assert isinstance(upstream.body, ScriptedBody)
    assert upstream.body.closed


def test_hands_on_what_the_client_can_decode() -> None:
    upstream = build_response(200, content_encoding="GZIP", content_type="text/plain")
    asked = (("accept-encoding", b"gzip, br"),)
    reply = stream_reply(upstream, (SECRET,), asked=asked)
    assert reply.body is upstream.body
    assert find(reply.headers, "content-encoding") == "gzip"
    twice = replace(upstream, headers=(*upstream.headers, ("content-encoding", b"br")))
    reply = stream_reply(twice, (SECRET,), asked=asked)
    assert find(reply.headers, "content-encoding") == "gzip, br"
    with pytest.raises(UpstreamError):
        stream_reply(twice, (SECRET,), asked=(("accept-encoding", b"gzip"),))
