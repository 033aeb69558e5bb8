"""`POST /chat`: plain JSON in, text or simple events out."""

from dataclasses import dataclass, replace

from provider.chat.asked import ChatRequest, parse_chat
from provider.chat.formats import FORMATS
from provider.chat.interpreter import Interpreter
from provider.chat.reply import stream_pieces, whole_reply
from provider.chat.requests import build_chat
from provider.content import as_strings
from provider.exchange import exchange
from provider.json_requests import read_json
from provider.paths import upstream_path
from provider.requests import EVENT_STREAM, JSON, post
from provider.settings.settings import Settings
from wire import headers
from wire.ports import (
    Body,
    Host,
    Pieces,
    Reply,
    Request,
    UpstreamRequest,
    UpstreamResponse,
)
from wire.request_log import RequestLog


async def answer_chat(
    request: Request, body: Body, settings: Settings, host: Host, log: RequestLog
) -> Reply:
    """Ask the API that the request names, and return its answer in its format.

    Raises `ProxyError`.
    """
    received = await read_json(request.headers, body, host.clock)
    sent, form = _translate(received, settings, log)
    del received
    reply = await exchange(sent, settings, host, log)
    del sent  # An answer may take minutes, and these are megabytes.
    if isinstance(reply.body, bytes):
        return reply
    return await _tell(reply, form, Interpreter(settings.secrets), log)


@dataclass(frozen=True, slots=True)
class _Form:
    """All of a request that is still of use when its answer comes."""

    stream: bool
    format: str


def _translate(
    body: bytes, settings: Settings, log: RequestLog
) -> tuple[UpstreamRequest, _Form]:
    """Read a request and build the upstream's; what was read is not kept.

    Parsed it takes up to twenty times its bytes, while it waits for the upstream.
    """
    default_api = "completions" if settings.prompt_api == "completions" else "chat"
    asked = parse_chat(body, default_api)
    # A model that the client names is the client's text, which no log holds.
    log.model = None if asked.model else settings.model
    return _build(asked, settings), _Form(asked.stream, asked.format)


def _build(asked: ChatRequest, settings: Settings) -> UpstreamRequest:
    path, body = build_chat(asked, settings.model, settings.conduct.chat_temperature)
    # What the operator does not allow below `/v1/`, nobody gets by this way either.
    upstream_path("POST", f"/v1{path}", settings.conduct.allowed_paths)
    if settings.conduct.content_format == "String":
        body = as_strings(body)
    accept = EVENT_STREAM if asked.stream else JSON
    return post(settings.api, path, body, settings, accept=accept)


async def _tell(
    reply: Reply, form: _Form, interpreter: Interpreter, log: RequestLog
) -> Reply:
    assert not isinstance(reply.body, bytes | Pieces)
    if not form.stream:
        whole = await whole_reply(reply.body, interpreter)
        _note(interpreter, log)
        passed = headers.without(reply.headers, "content-type", "cache-control")
        return replace(whole, headers=(*passed, *whole.headers))
    encoder = FORMATS[form.format]()
    response = UpstreamResponse(reply.status, reply.headers, reply.body)
    pieces = stream_pieces(
        response, encoder, interpreter, lambda: _note(interpreter, log)
    )
    passed = headers.without(reply.headers, "content-type")
    content_type = ("content-type", encoder.content_type)
    return Reply(200, (content_type, *passed), pieces)


def _note(interpreter: Interpreter, log: RequestLog) -> None:
    """Tell the log what became of the reply, and how many tokens it took."""
    if interpreter.failure:
        log.cause = interpreter.failure.cause
    if interpreter.usage:
        log.usage = interpreter.usage.known()
