"""What a request to `/chat` holds while it waits for its upstream."""

import gc
import json
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from openai_component.openai import OPENAI
from provider.routes import serve
from tests.unit.fakes import ENVIRON, Log, ScriptedBody, host, response, run
from wire.ports import Body, Host, Request, UpstreamRequest, UpstreamResponse

POST = Request("POST", "/chat", ())
MARK = "a-member-of-this-test"
FILLER = "x" * 500_000
"""Megabytes show beside whatever else is allocated."""
WHOLE = b'{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}]}'


def asked(**fields: object) -> bytes:
    deep: list[Any] = [{MARK: [{MARK: []}]}] * 100
    text = {"type": "text", "text": FILLER}
    message = {"role": "user", "content": [text], "x": deep}
    return json.dumps({"messages": [message], **fields}).encode()


class Watched:
    """An upstream that looks around when it is asked, and before its reply is read."""

    def __init__(self, look: Callable[[], int]) -> None:
        self.seen: list[int] = []
        self._look = look

    async def send(self, request: UpstreamRequest) -> UpstreamResponse:
        assert MARK.encode() in _bytes(request)
        self.seen.append(self._look())
        return replace(response(200), body=Looking(self))

    def look(self) -> None:
        self.seen.append(self._look())


class Looking(ScriptedBody):
    """A reply's body that looks around before it says anything."""

    def __init__(self, upstream: Watched) -> None:
        super().__init__(WHOLE)
        self._upstream = upstream

    async def read(self) -> bytes:
        self._upstream.look()
        return await super().read()


def _bytes(request: UpstreamRequest) -> bytes:
    assert isinstance(request.body, bytes)
    return request.body


def ask(upstream: Watched, body: Body, **variables: str) -> None:
    given, _, clock = host(environ={**ENVIRON, **variables})
    given = Host(given.environ, upstream, clock, given.random)
    run(serve(POST, body, OPENAI, given, Log().log))


@pytest.fixture
def traced() -> Iterator[None]:
    gc.collect()
    tracemalloc.start()
    yield
    tracemalloc.stop()


def _marked() -> int:
    """Count the objects parsed from the request: they have members of its name."""
    return sum(type(one) is dict and MARK in one for one in gc.get_objects())


def _traced() -> int:
    return tracemalloc.get_traced_memory()[0]


@pytest.mark.parametrize("content_format", ["Array", "String"])
def test_nothing_parsed_is_held(content_format: str) -> None:
    upstream = Watched(_marked)
    body = ScriptedBody(asked(stream=False))
    ask(upstream, body, PROXY_CONTENT_FORMAT=content_format)
    assert upstream.seen[0] == 0
    assert _marked_while_it_is_held() > 0


def _marked_while_it_is_held() -> int:
    held: Any = json.loads(asked())
    assert held
    return _marked()


@pytest.mark.usefixtures("traced")
@pytest.mark.parametrize("content_format", ["Array", "String"])
def test_it_holds_the_bytes_that_go_up_and_no_more(content_format: str) -> None:
    upstream = Watched(_traced)
    body = asked(stream=False)
    start = _traced()
    ask(upstream, ScriptedBody(body), PROXY_CONTENT_FORMAT=content_format)
    when_asked, when_answered, *_ = upstream.seen
    assert when_asked - start < 1.2 * len(body)
    # They are not asked again, so they can go.
    assert when_answered - start < 0.2 * len(body)
