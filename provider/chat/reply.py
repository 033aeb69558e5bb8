"""The answer to `/chat`: from an upstream's body to the client's, piece by piece."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable

from provider.chat import failures
from provider.chat.deltas import Delta, End, Started, Token, ToolCall, Usage
from provider.chat.formats import Format, call_fields, failure_body
from provider.chat.interpreter import Interpreter
from provider.chat.strict_json import Json
from provider.compact_json import encode_json
from wire import headers
from wire.bodies import read_whole
from wire.errors import json_reply
from wire.ports import Body, BodyBroken, Reply, UpstreamResponse
from wire.sse import EventTooLarge, SSEDecoder

WHOLE_LIMIT = 8_388_608
"""Bytes of a reply that is not streamed: it is held whole."""


class Pieces:
    """The client's body. What one read of the upstream's brings is one piece.

    Raises `BodyBroken` after the last piece if the reply is not whole and its format
    cannot say so. The upstream's body is closed at the end, at an error, and by
    `aclose`, also if nothing was ever taken.
    """

    def __init__(
        self,
        body: Body,
        pieces: AsyncGenerator[bytes, None],
        ended: Callable[[], object],
    ) -> None:
        self._body = body
        self._pieces = pieces
        self._ended = ended

    def __aiter__(self) -> "Pieces":
        return self

    async def __anext__(self) -> bytes:
        try:
            return await anext(self._pieces)
        except BaseException:
            self._close()
            raise

    async def aclose(self) -> None:
        """Give up the rest."""
        self._close()
        await self._pieces.aclose()

    def _close(self) -> None:
        self._body.close()
        self._ended()


def stream_pieces(
    response: UpstreamResponse,
    format: Format,
    interpreter: Interpreter,
    ended: Callable[[], object] = bool,
) -> Pieces:
    """Turn an upstream's reply into pieces of `format`.

    Afterwards `interpreter` has the token counts, and the failure if there was one;
    `ended` is called when it has, once or more.
    A reply that is one JSON document, though a stream was asked for, is told like one.
    """
    read = _read_whole if is_json(response) else _read_stream
    deltas = read(response.body, interpreter)
    return Pieces(response.body, _encode(deltas, format, interpreter), ended)


async def whole_reply(body: Body, interpreter: Interpreter) -> Reply:
    """Turn a reply that was not streamed into one JSON object.

    `id`, `model`, `text`, `refusal` (only if there is one), `tool_calls`,
    `finish_reason` and `usage`, null if the upstream says none. What is no reply
    becomes an error with status 502; `interpreter.failure` then says why.
    """
    try:
        deltas = await _receive_whole(body, interpreter)
    finally:
        body.close()
    if failure := interpreter.failure:
        return json_reply(502, failure_body(failure))
    return json_reply(200, encode_json(_fields(deltas)))


def is_json(response: UpstreamResponse) -> bool:
    """Tell whether a reply is one JSON document, and no stream of events."""
    content_type = headers.find(response.headers, "content-type") or ""
    return content_type.partition(";")[0].strip().lower() == "application/json"


async def _encode(
    parts: AsyncIterator[list[Delta]], format: Format, interpreter: Interpreter
) -> AsyncGenerator[bytes, None]:
    async for deltas in parts:
        if piece := b"".join(map(format.encode, deltas)):
            yield piece
    if interpreter.failure and not format.tells_failures:
        raise BodyBroken(interpreter.failure.cause)


async def _read_stream(
    body: Body, interpreter: Interpreter
) -> AsyncIterator[list[Delta]]:
    decoder = SSEDecoder()
    while not interpreter.is_over:
        yield await _read_some(body, decoder, interpreter)


async def _read_some(
    body: Body, decoder: SSEDecoder, interpreter: Interpreter
) -> list[Delta]:
    try:
        chunk = await body.read()
        if chunk:
            return interpreter.read(decoder.decode(chunk))
        return interpreter.end(decoder.flush())
    except BodyBroken as error:
        return interpreter.end(decoder.flush(), failures.broken(error.kind))
    except EventTooLarge as error:
        before = interpreter.read(error.before)
        return [*before, *interpreter.fail(failures.too_large())]


async def _read_whole(
    body: Body, interpreter: Interpreter
) -> AsyncIterator[list[Delta]]:
    yield await _receive_whole(body, interpreter)


async def _receive_whole(body: Body, interpreter: Interpreter) -> list[Delta]:
    try:
        received = await read_whole(body, WHOLE_LIMIT)
    except BodyBroken as error:
        return interpreter.fail(failures.broken(error.kind))
    if received is None:
        return interpreter.fail(failures.too_long(WHOLE_LIMIT))
    return interpreter.read_whole(received)


def _fields(deltas: list[Delta]) -> Json:
    [start] = [delta for delta in deltas if isinstance(delta, Started)]
    [end] = [delta for delta in deltas if isinstance(delta, End)]
    usage = [delta.known() for delta in deltas if isinstance(delta, Usage)]
    calls = [call_fields(delta) for delta in deltas if isinstance(delta, ToolCall)]
    tokens = [delta for delta in deltas if isinstance(delta, Token)]
    refusal = "".join(token.text for token in tokens if token.is_refusal)
    return {
        "id": start.id,
        "model": start.model,
        "text": "".join(token.text for token in tokens if not token.is_refusal),
        **({"refusal": refusal} if refusal else {}),
        "tool_calls": calls,
        "finish_reason": end.finish_reason,
        "usage": usage[0] if usage else None,
    }
