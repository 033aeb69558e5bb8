"""The requests, and the replies of an upstream, that are the most expensive to take."""

from dataclasses import dataclass

from provider.chat.reply import WHOLE_LIMIT
from provider.json_requests import JSON_LIMIT
from wire.shallow_json import VALUES_LIMIT

HEADER_BYTES = 120_000
PART = b'{"type":"text","text":""}'
MODEL = b'{"id":"gpt-4.1"}'
SIGNS = {b"{}": 2, PART: 7, MODEL: 4}
"""What each counts of `VALUES_LIMIT`, with the comma after it."""
PARTS = 2_000
"""In each message: it may not have many more."""
GATEWAY = ("gateway",)
BOTH = ("final", *GATEWAY)


@dataclass(frozen=True, slots=True)
class Input:
    """One request, and what its upstream answers; `editions` by their files' names."""

    name: str
    sent: bytes
    reply: bytes = b'{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}]}'
    editions: tuple[str, ...] = GATEWAY
    content_format: str = "Array"


def inputs() -> list[Input]:
    """Return what is measured, in the order of the table."""
    tool = b'{"prompt":"x","tools":[{"type":"function","function":{"name":"f","x":['
    chat = b'{"model":"m","messages":[{"role":"user","content":"x","x":['
    whole = b'{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}],"x":['
    listed = b'{"object":"list","data":['
    text = b'{"stream":false,"prompt":"%b"}' % (b"x" * (JSON_LIMIT - 100))
    full = conversation()
    quotes = b'text/plain;"' + b";" * HEADER_BYTES
    return [
        Input("a prompt", _prompt(b"text/plain"), editions=BOTH),
        Input("a content-type of semicolons", _prompt(quotes), editions=BOTH),
        Input("/chat: text", _post("/chat", text)),
        Input("/chat: messages", _post("/chat", _filled(b'{"messages":[', b"]}"))),
        Input("/chat: in a tool", _post("/chat", _filled(tool, b"]}}]}"))),
        Input("/chat: as much as is taken", _post("/chat", full)),
        Input(
            "String mode",
            _post("/v1/chat/completions", _filled(chat, b"]}]}")),
            content_format="String",
        ),
        Input(
            "String mode: as much as is taken",
            _post("/v1/chat/completions", full),
            content_format="String",
        ),
        Input(
            "a list of models",
            request("GET", "/v1/models"),
            _filled(listed, b"]}", WHOLE_LIMIT),
        ),
        Input(
            "a list of models: as much as is taken",
            request("GET", "/v1/models"),
            _padded(listed + _some(MODEL, VALUES_LIMIT - 100), b"]", WHOLE_LIMIT),
        ),
        Input(
            "a whole reply",
            _post("/chat", b'{"prompt":"x","stream":false}'),
            _filled(whole, b"]}", WHOLE_LIMIT),
        ),
        Input(
            "a whole reply: as much as is taken",
            _post("/chat", b'{"prompt":"x","stream":false}'),
            _padded(whole + _some(b"{}", VALUES_LIMIT - 100), b"]", WHOLE_LIMIT),
        ),
    ]


def _filled(start: bytes, end: bytes, size: int = JSON_LIMIT) -> bytes:
    """Return JSON of `size` bytes, nearly all of them empty objects."""
    count = (size - len(start) - len(end)) // 3
    return start + b"{}," * (count - 1) + b"{}" + end


def conversation() -> bytes:
    """Return a conversation of as many parts, and of as many bytes, as are taken."""
    message = b'{"role":"user","content":[%b]},' % _some(PART, PARTS * SIGNS[PART])
    count = VALUES_LIMIT // (PARTS * SIGNS[PART])
    start = b'{"stream":false,"messages":[' + message * count
    size = JSON_LIMIT - len("system") + len("pad")
    text = _padded(start + b'{"role":"user","content":"x"}', b"]", size)
    # The last member is one that /chat knows, as it takes no others.
    return text.replace(b'"pad":', b'"system":')


def _some(item: bytes, signs: int) -> bytes:
    """Return as many as count for so much of `VALUES_LIMIT`."""
    return b",".join([item] * (signs // SIGNS[item]))


def _padded(start: bytes, end: bytes, size: int) -> bytes:
    """Return JSON of `size` bytes; the rest is the text that takes longest to read."""
    start = start + end + b',"pad":"'
    return start + rb"\"" * ((size - len(start) - 2) // 2) + b'"}'


def _prompt(content_type: bytes) -> bytes:
    return request("POST", "/openai-proxy", b"say hello", content_type)


def _post(target: str, body: bytes) -> bytes:
    return request("POST", target, body)


def request(
    method: str, target: str, body: bytes = b"", content_type: bytes = b"text/plain"
) -> bytes:
    """Encode a request whose connection ends with its answer."""
    return (
        b"%b %b HTTP/1.1\r\nhost: bench\r\nconnection: close\r\n"
        b"content-type: %b\r\ncontent-length: %d\r\n\r\n%b"
    ) % (method.encode(), target.encode(), content_type, len(body), body)
