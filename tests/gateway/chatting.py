"""`POST /chat`: how a client asks, what it gets, and what an upstream says."""

import json
import threading
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import httpx

from tests.e2e import replies
from tests.e2e.client import send, streaming
from tests.e2e.marked import PROMPT, REPLY
from tests.e2e.proxy import Proxy
from tests.fixtures import chats

CHAT = "/chat"
FORMATS = ["sse-text", "sse-json", "events", "text"]
DONE = b"data: [DONE]\n\n"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client got of a stream."""

    response: httpx.Response
    body: bytes
    is_broken: bool
    """The transfer broke off."""


def asking(**fields: object) -> str:
    """Return the body of a request, with a prompt unless there are messages."""
    prompt = {} if "messages" in fields else {"prompt": PROMPT}
    return json.dumps({**prompt, **fields})


def ask(proxy: Proxy, **fields: object) -> httpx.Response:
    """Ask and read the whole reply, which must not break."""
    return send(proxy, "POST", CHAT, content=asking(**fields), headers=replies.JSON)


def chatting(
    proxy: Proxy, headers: dict[str, str] | None = None, **fields: object
) -> AbstractContextManager[httpx.Response]:
    """Ask and hand out the reply when its head is there."""
    return streaming(proxy, asking(**fields), CHAT, headers=headers or replies.JSON)


def receive(
    proxy: Proxy,
    headers: dict[str, str] | None = None,
    arrived: threading.Event | None = None,
    **fields: object,
) -> Answer:
    """Ask and read all, to the end or to a break; the first byte sets `arrived`."""
    body = b""
    with chatting(proxy, headers, **fields) as response:
        try:
            for piece in response.iter_raw():
                body += piece
                if arrived:
                    arrived.set()
        except httpx.RemoteProtocolError:
            return Answer(response, body, is_broken=True)
    return Answer(response, body, is_broken=False)


def saying(*texts: str) -> list[bytes]:
    """Return the events in which an upstream says the texts, one for each."""
    return [encoded(chats.chunk({"content": text})) for text in texts]


def encoded(chunk: chats.Chunk) -> bytes:
    """Return the event of one chunk."""
    return chats.encode([chunk], done=False)


def whole(*texts: str) -> list[bytes]:
    """Return all events of a reply that says these texts, or else the marked one."""
    last = encoded(chats.chunk({}, "stop"))
    return [*saying(*texts or (REPLY,)), last, DONE]


def events_of(body: bytes) -> list[tuple[str, str]]:
    """Split a body into its events, each its name and data.

    By the form in which the project writes them, and not by the project's own decoder.
    """
    *blocks, rest = body.decode().split("\n\n")
    assert rest == "", "an event was cut"
    return list(map(_event, blocks))


def _event(block: str) -> tuple[str, str]:
    name, data = "message", list[str]()
    for line in block.split("\n"):
        field, colon, value = line.partition(": ")
        assert colon and field in ("event", "data"), line
        if field == "event":
            name = value
        else:
            data.append(value)
    return name, "\n".join(data)


def parsed(body: bytes) -> list[tuple[str, Any]]:
    """Split a body into its events, their data parsed where it is JSON."""
    return [
        (name, data if data == "[DONE]" else json.loads(data))
        for name, data in events_of(body)
    ]


def text_in(format: str, body: bytes) -> str:
    """Return the text, or refusal, that a whole body or a part of one tells."""
    if format == "text":
        return body.decode()
    if format == "sse-text":
        return "".join(data for name, data in events_of(body) if name == "message")
    told = parsed(body)
    if format == "events":
        return "".join(fields["text"] for name, fields in told if name == "token")
    return "".join(_text_of(fields) for _, fields in told if isinstance(fields, dict))


def _text_of(chunk: dict[str, Any]) -> str:
    return "".join(
        text
        for choice in chunk.get("choices", [])
        for said in (choice.get("delta", {}), {"content": choice.get("text")})
        for text in (said.get("content"), said.get("refusal"))
        if text
    )


def failure_in(format: str, answer: Answer) -> dict[str, Any]:
    """Return the error that a stream ends with, and in its format's own way."""
    assert not answer.is_broken
    name, data = events_of(answer.body)[-1]
    assert name == ("message" if format == "sse-json" else "error")
    fields: dict[str, Any] = json.loads(data)
    if format == "events":
        assert list(fields) == ["message", "type", "code"]
        return {"param": None, **fields}
    assert list(fields) == ["error"]
    error: dict[str, Any] = fields["error"]
    return error
