"""What `POST /chat` refuses, without asking the upstream, and says why.

The upstream of these tests fails when it is asked.
"""

import gzip
import json
import socket
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.e2e import replies
from tests.e2e.client import connecting, error_of, send
from tests.e2e.conftest import StartProxy
from tests.e2e.marked import PROMPT, REPLY
from tests.e2e.proxy import Proxy
from tests.e2e.upstream import Upstream
from tests.gateway.chatting import CHAT, ask, asking, whole
from tests.gateway.raw import request, status
from tests.gateway.uploading import CHUNKED, uploading

MEBIBYTE = 1_048_576
FIELDS = {
    "prompt": (7, "invalid_type"),
    "system": (["x"], "invalid_type"),
    "model": ("", "invalid_value"),
    "temperature": (2.1, "invalid_value"),
    "max_tokens": (0, "invalid_value"),
    "top_p": ("1", "invalid_type"),
    "seed": (1.5, "invalid_type"),
    "stop": (list("abcde"), "invalid_value"),
    "tools": ([], "invalid_value"),
    "response_format": ("json", "invalid_type"),
    "reasoning_effort": ("much", "invalid_value"),
    "stream": ("yes", "invalid_type"),
    "format": ("xml", "invalid_value"),
    "api": ("responses", "invalid_value"),
    "n": (2, "unknown_parameter"),
}
PLACES: dict[str, tuple[dict[str, Any], str]] = {
    "messages": ({"messages": PROMPT}, "messages"),
    "a role": ({"messages": [{"role": "boss", "content": "x"}]}, "messages[0].role"),
    "a part": (
        {"messages": [{"role": "user", "content": [{"type": "text"}]}]},
        "messages[0].content[0].text",
    ),
    "a tool": ({"tools": [{"type": "function"}]}, "tools[0].function"),
    "a stop": ({"stop": ["a", 1]}, "stop[1]"),
    "both": ({"prompt": PROMPT, "messages": [{"role": "user"}]}, "messages"),
    "tools of completions": (
        {"api": "completions", "tools": [{"type": "function"}]},
        "tools",
    ),
    "a form of no stream": ({"stream": False, "format": "text"}, "format"),
}


def _post(
    proxy: Proxy, body: str | bytes | Iterator[bytes], **headers: str
) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return send(proxy, "POST", CHAT, content=body, headers=replies.JSON | named)


def _check(response: httpx.Response, status: int, code: str, param: str | None) -> str:
    error = error_of(response)
    assert (response.status_code, error["code"]) == (status, code)
    assert (error["type"], error["param"]) == ("invalid_request_error", param)
    message: str = error["message"]
    assert PROMPT not in message
    return message


@pytest.mark.parametrize("name", FIELDS)
def test_a_wrong_field_is_named(proxy: Proxy, name: str) -> None:
    value, code = FIELDS[name]
    message = _check(ask(proxy, **{name: value}), 400, code, name)
    assert f"`{name}`" in message


@pytest.mark.parametrize("case", PLACES)
def test_a_wrong_place_is_named(proxy: Proxy, case: str) -> None:
    fields, param = PLACES[case]
    response = ask(proxy, **fields)
    assert f"`{param}`" in _check(response, 400, error_of(response)["code"], param)


def test_nothing_to_answer(proxy: Proxy) -> None:
    _check(_post(proxy, "{}"), 400, "missing_required_parameter", "prompt")
    _check(ask(proxy, prompt=""), 400, "empty_prompt", "prompt")


DEEP = 40_000
NOT_JSON = {
    "nothing": b"",
    "text": PROMPT.encode(),
    "a form": b"prompt=Hello",
    "half of it": asking()[:-1].encode(),
    "two": (asking() * 2).encode(),
    "an array": b"[]",
    "a string": json.dumps(PROMPT).encode(),
    "NaN": b'{"prompt":"x","temperature":NaN}',
    "a number of 40,000 digits": b'{"prompt":"x","seed":' + b"9" * DEEP + b"}",
    "a number too large": b'{"prompt":"x","temperature":1e999}',
    "a member twice": b'{"prompt":"x","prompt":"y"}',
    "Latin-1": '{"prompt":"für"}'.encode("latin-1"),
    "UTF-16": asking().encode("utf-16"),
    "UTF-16 without a mark": asking().encode("utf-16-le"),
    "UTF-32": asking().encode("utf-32"),
    "a zero byte": b'{"prompt":"x\0"}',
    "brackets": b"[" * DEEP,
    "braces": b'{"prompt":' * DEEP,
    "brackets that are closed": b"[" * DEEP + b"]" * DEEP,
    "brackets in a field": b'{"tools":' + b"[" * DEEP + b"]" * DEEP + b"}",
    "brackets in UTF-16": ("[" * DEEP).encode("utf-16"),
    "brackets in UTF-16 without a mark": ("[" * DEEP).encode("utf-16-be"),
    "brackets in UTF-32": ("[" * DEEP).encode("utf-32-le"),
}


def test_a_body_that_is_no_json(start_proxy: StartProxy, upstream: Upstream) -> None:
    """None ends the instance: the next request is served by the same."""
    proxy = start_proxy(LOG_LEVEL="info")
    upstream.play(replies.stream(whole()))
    for name, body in NOT_JSON.items():
        response = _post(proxy, body)
        assert response.status_code == 400, name
        assert error_of(response)["code"] == "invalid_json", name
        assert upstream.connections == 0, name
    assert REPLY in ask(proxy).text
    # Each instance says once that it is open to all.
    assert len(proxy.log_lines("open")) == 1


@pytest.mark.parametrize("body", [b"[" * (4 * MEBIBYTE), b'"' * (4 * MEBIBYTE)])
def test_four_mebibytes_of_nonsense(proxy: Proxy, body: bytes) -> None:
    response = _post(proxy, body)
    assert response.status_code == 413
    assert error_of(response)["code"] == "too_many_values"


@pytest.mark.parametrize("length", [5 * MEBIBYTE, CHUNKED])
def test_a_body_that_is_too_large(proxy: Proxy, length: int | None) -> None:
    """The refusal does not wait for the rest, which never comes."""
    with uploading(proxy, length, CHAT) as upload:
        if length is CHUNKED:
            upload.send(b" " * (4 * MEBIBYTE + 1))
        received = upload.answer()
    assert status(received) == 413
    assert b'"request_too_large"' in received


def test_the_largest_body(proxy: Proxy, upstream: Upstream) -> None:
    upstream.play(replies.stream(whole()))
    empty = asking(prompt="")
    prompt = "x" * (4 * MEBIBYTE - len(empty))
    assert REPLY in ask(proxy, prompt=prompt).text
    sent = json.loads(upstream.exchange().body)
    assert sent["messages"] == [{"role": "user", "content": prompt}]


@pytest.mark.parametrize("coding", ["gzip", "GZIP", "br", "deflate, gzip"])
def test_a_body_that_is_compressed(proxy: Proxy, coding: str) -> None:
    body = gzip.compress(asking().encode())
    response = _post(proxy, body, content_encoding=coding)
    _check(response, 415, "unsupported_media_type", None)
    assert response.headers["accept-encoding"] == "identity"


def test_a_body_that_breaks_off(proxy: Proxy) -> None:
    body = asking().encode()
    sent = request("POST", CHAT, body=body, length=len(body) + 10)
    with connecting(proxy) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        received = connection.makefile("rb").read()
    assert status(received) == 400
    assert b'"incomplete_request"' in received


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "PURGE"])
def test_another_method(proxy: Proxy, method: str) -> None:
    response = send(proxy, method, CHAT)
    assert response.status_code == 405
    assert response.headers["allow"] == "POST, OPTIONS"


def test_what_is_allowed(proxy: Proxy) -> None:
    response = send(proxy, "OPTIONS", CHAT)
    assert (response.status_code, response.headers["allow"]) == (204, "POST, OPTIONS")


@pytest.mark.parametrize("target", ["/chat/", "/chat/x", "/Chat", "/v1/chat"])
def test_no_such_route(proxy: Proxy, target: str) -> None:
    assert send(proxy, "POST", target, content=asking()).status_code == 404
