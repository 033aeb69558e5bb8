"""Requests and replies that nobody should send."""

import json

from tests.e2e import replies
from tests.e2e.exchange import Exchange
from tests.e2e.proxy import ROUTE
from tests.e2e.upstream import Script
from tests.gateway.chatting import CHAT, asking
from tests.gateway.raw import request

MODELS = "/v1/models"
STORED = "/v1/responses/x"
"""What it gives is relayed by the host; a list of models is read by the guest."""
RESPONSES = b"POST /v1/responses HTTP/1.1\r\nhost: p\r\nconnection: close\r\n"
CHUNKED = RESPONSES + b"transfer-encoding: chunked\r\n"
PRINTABLE = "".join(map(chr, {*range(0x21, 0x7F)} - {*map(ord, '#"<>`{}\\^|')}))


def _get(*lines: bytes) -> bytes:
    return request("GET", MODELS, *lines)


def _prompt(*lines: bytes, body: bytes = b"x") -> bytes:
    return request("POST", ROUTE, *lines, body=body)


REQUESTS = {
    "a value that is not UTF-8": _get(b"user-agent: \xff\xfe\x80"),
    "authorization beyond ASCII": _get(b"authorization: Bearer \xe4\xff"),
    "an origin beyond ASCII": _get(b"origin: http://\xff\xe4"),
    "a type beyond ASCII": _prompt(b"content-type: text/\xff; charset=\xff"),
    "an encoded charset": _prompt(b"content-type: text/plain; charset*=x'y'%ff%00"),
    "half a parameter": _prompt(b'content-type: text/plain; charset*0*=x; charset*1="'),
    "no type": _prompt(b"content-type:"),
    "headers of 8 KB": _get(*(b"accept-%d: %b" % (n, b"x" * 8192) for n in range(8))),
    "many headers": _get(*(b"accept-%d: x" % n for n in range(90))),
    "a long path": request("GET", f"{MODELS}/{'x' * 20_000}"),
    "a path beyond ASCII": request("GET", f"{MODELS}/\xc3\xa9"),
    "a query beyond ASCII": request("GET", f"{MODELS}?q=\xc3\xa9"),
    "a query with everything": request("GET", f"{MODELS}?{PRINTABLE}"),
    "a path that is not UTF-8": request("GET", f"{MODELS}/\xff\xfe"),
    "a query that is not UTF-8": request("GET", f"{MODELS}?q=\xff\xfe"),
    "an encoded NUL": request("GET", f"{MODELS}/%00"),
    "a half-encoded path": request("GET", f"{MODELS}/%e2%82%zz%"),
    "an unknown method": request("PURGE", MODELS),
    "a strange method": request("!#$%&'*+-.^_`|~", MODELS),
    "a method in lower case": request("get", MODELS),
    "CONNECT": request("CONNECT", "evil.example:443"),
    "TRACE": request("TRACE", MODELS),
    "GET of the server": request("GET", "*"),
    "OPTIONS of the server": request("OPTIONS", "*"),
    "a strange preflight": request(
        "OPTIONS",
        MODELS,
        b"origin: http://x",
        b"access-control-request-method: \xff",
        b"access-control-request-headers: \xff",
    ),
    "an absolute target": request("GET", f"http://evil.example{MODELS}"),
    "a prompt that is not UTF-8": _prompt(body=b"\xff"),
    "half a character": _prompt(body=b"\xf0\x9f"),
    "a prompt too large": _prompt(body=b"x" * 1_048_577),
    "two lengths": RESPONSES + b"content-length: 1\r\ncontent-length: 2\r\n\r\nab",
    "a length that is no number": RESPONSES + b"content-length: x\r\n\r\n",
    "length and chunks": CHUNKED + b"content-length: 4\r\n\r\n1\r\na\r\n0\r\n\r\n",
    "trailers": CHUNKED + b"\r\n1\r\na\r\n0\r\nx-trailer: \xff\r\n\r\n",
    "HTTP/1.0 without a host": b"GET /v1/models HTTP/1.0\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200) + b"\r\n\r\n",
}


def _raw(reply: bytes) -> Script:
    def script(exchange: Exchange) -> None:
        exchange.read_body()
        exchange.write(reply)

    return script


def _headed(first: bytes, *lines: bytes, body: bytes = b"ok") -> Script:
    length = b"content-length: %d" % len(body)
    return _raw(b"\r\n".join([b"HTTP/1.1 " + first, *lines, length, b"", body]))


def _error(body: bytes) -> Script:
    return replies.answer(400, body)


def _retry_after(value: bytes) -> Script:
    return _headed(b"503 No", b"retry-after: " + value, b"retry-after-ms: nan")


REPLIES: dict[str, Script] = {
    "a large number": _error(b"1" * 60_000),
    "UTF-16": _error(json.dumps({"error": {"message": "x"}}).encode("utf-16")),
    "NaN": _error(b'{"error":{"message":NaN,"type":Infinity}}'),
    "not JSON": _error(b"\xff" * 70_000),
    "101": _raw(b"HTTP/1.1 101 Up\r\nupgrade: x\r\nconnection: upgrade\r\n\r\nabc"),
    "103 before 200": _raw(
        b"HTTP/1.1 103 Early\r\nlink: x\r\n\r\n"
        b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"
    ),
    "199": _headed(b"199 X"),
    "204": _raw(b"HTTP/1.1 204 X\r\n\r\n"),
    "205": _headed(b"205 X", body=b""),
    "304": _raw(b"HTTP/1.1 304 X\r\n\r\n"),
    "599": _headed(b"599 X"),
    "600": _headed(b"600 X"),
    "999": _headed(b"999 X"),
    "000": _headed(b"000 X"),
    "a redirect": _headed(b"302 X", b"location: http://127.0.0.1:1/\xff"),
    "an id beyond ASCII": _headed(b"200 X", b'x-request-id: \xff\xfe"\\'),
    "a long id": _headed(b"200 X", b"x-request-id: " + b"x" * 60_000),
    "no id": _headed(b"200 X", b"x-request-id: "),
    "two ids": _headed(b"200 X", b"x-request-id: a", b"x-request-id: b"),
    "a type beyond ASCII": _headed(b"200 X", b"content-type: \xff", b"openai-x: \xff"),
    "an encoding beyond ASCII": _headed(b"200 X", b"content-encoding: \xff"),
    "as many headers": _headed(b"200 X", *(b"openai-%d: x" % n for n in range(98))),
    "too many headers": _headed(b"200 X", *(b"openai-%d: x" % n for n in range(300))),
    "two lengths": _headed(b"200 X", b"content-length: 3"),
    "trailers": _raw(
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n"
        b"0\r\nx-trailer: \xff\r\n\r\n"
    ),
    "no chunk": _raw(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n"),
    "half a head": _raw(b"HTTP/1.1 200 OK\r\nx: y\r\n"),
    "nothing": _raw(b""),
    "a nonsense delay": _retry_after(b"\xff\xff, 99 zzz 99999999999 99:99:99 +9999999"),
    "a delay for ever": _retry_after(b"1e400"),
    "a delay of nothing": _retry_after(b""),
    "a date to come": _retry_after(b"Mon, 1 Jan 99999 0:0:0 GMT"),
    "a date before all": _retry_after(b"Mon, 1 Jan 0001 0:0:0 -0000"),
    "nonsense about retries": _headed(b"503 X", b"x-should-retry: \xff"),
}


def _chat(body: bytes | str, *lines: bytes) -> bytes:
    encoded = body.encode() if isinstance(body, str) else body
    return request("POST", CHAT, *lines, body=encoded)


CHATS = {
    "nothing": _chat(""),
    "not UTF-8": _chat(b'{"prompt":"\xff"}'),
    "deep": _chat(b"[" * 100_000),
    "deep in a field": _chat(b'{"tools":' + b'[{"x":' * 100_000),
    "deep in UTF-16": _chat(("[" * 100_000).encode("utf-16")),
    "deep in a string": _chat(asking(prompt="[" * 100_000)),
    "an open string": _chat(b'{"prompt":"' + b"\\" * 100_001),
    "half a surrogate pair": _chat(b'{"prompt":"\\ud800"}'),
    "a name that is half a pair": _chat(b'{"\\ud800":1}'),
    "a long name": _chat(asking(**{"x" * 100_000: 1})),
    "many members": _chat(json.dumps(dict.fromkeys(map(str, range(100_000))))),
    "many messages": _chat(asking(messages=[{}] * 100_000)),
    "a number of many digits": _chat(b'{"prompt":"x","seed":' + b"9" * 100_000 + b"}"),
    "a number beyond all": _chat(b'{"prompt":"x","temperature":1e999999999}'),
    "a number of nothing": _chat(b'{"prompt":"x","temperature":-0.0e-999999999}'),
    "a coding beyond ASCII": _chat(asking(), b"content-encoding: \xff"),
    "4 MiB": _chat(b"[" * 4_194_304),
    "a length alone": request("POST", CHAT, length=5_000_000),
}


def _stream(*data: bytes) -> Script:
    return replies.stream([b"data: %b\n\n" % each for each in data])


def _delta(**delta: object) -> bytes:
    return json.dumps({"choices": [{"delta": delta}]}).encode()


CALL = {"index": 0, "function": {"arguments": "x" * 200_000}}

CHUNKS: dict[str, Script] = {
    "no event": replies.stream([b"\xff" * 70_000]),
    "a large event": _stream(b"x" * 2_000_000),
    "a large line": replies.stream([b"x" * 2_000_000]),
    "a deep event": _stream(b'{"choices":' + b"[" * 100_000),
    "a deep event in UTF-16": _stream(("[" * 100_000).encode("utf-16-le")),
    "an open string": _stream(b'"' + b"\\" * 100_001),
    "half a surrogate pair": _stream(_delta(content="\ud800"), b"[DONE]"),
    "half pairs in an error": _stream(
        b'{"error":{"message":"\\ud800","code":"\\udc00"}}'
    ),
    "choices of no use": _stream(b'{"choices":[null,1,"x",[],{}]}', b'{"choices":{}}'),
    "other types": _stream(
        b'{"id":1,"model":[],"choices":[{"delta":{"content":7,"tool_calls":9}}]}',
        b'{"choices":[{"delta":[],"finish_reason":{},"index":"0"}],"usage":[]}',
        b'{"usage":{"prompt_tokens":true,"prompt_tokens_details":1}}',
        b'{"choices":[{"delta":{"tool_calls":[{"function":[]},null,{"id":{}}]}}]}',
    ),
    "a number of many digits": _stream(b'{"usage":' + b"9" * 100_000 + b"}"),
    "large calls": _stream(*[_delta(tool_calls=[CALL])] * 10),
    "many calls": _stream(*(_delta(tool_calls=[{"index": n}]) for n in range(500))),
    "many events at once": replies.stream([b"data: {}\n\n" * 100_000]),
    "many line ends": replies.stream([b"\r\n\r" * 100_000]),
    "no end": _stream(_delta(content="x")),
    "an error": _stream(b'{"error":{"code":[1],"type":{},"message":null}}'),
    "an error that is a list": _stream(b'{"error":[[]]}'),
    "JSON": replies.answer(200, b'{"choices":[{"message":7}]}'),
    "JSON that is none": replies.answer(200, b"\xff\xfe"),
    "deep JSON": replies.answer(200, b"[" * 100_000),
    "large JSON": replies.answer(200, b" " * 9_000_000),
    "a strange type": replies.answer(200, b"x", {"content-type": "\u00ff;;=,"}),
    "no chunk": _raw(
        b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
        b"transfer-encoding: chunked\r\n\r\nzz\r\n"
    ),
    "a cut": _raw(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\ndata: {"),
}
