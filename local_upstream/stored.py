"""The routes of the Responses API: made, kept, read again and deleted."""

from typing import Any

from aiohttp import web

from local_upstream.asking import Json, read_json
from local_upstream.echo import count_tokens, echo, last_text, words
from local_upstream.errors import ApiError
from local_upstream.examples import example
from local_upstream.identity import Identity
from local_upstream.observing import IDENTITY
from local_upstream.responses import Answer, failure, stream
from local_upstream.scripts import Script, follow
from local_upstream.sending import named_frame, send_events, send_json
from local_upstream.tools import forced_call

Asked = str | list[Any]
STORE = web.AppKey("store", dict[str, tuple[Answer, Asked]])
"""The responses that can be read again, by their ids, each with its input."""
TEXT_PARTS = {"user": "input_text", "system": "input_text", "developer": "input_text"}


async def create(request: web.Request) -> web.StreamResponse:
    """`POST /v1/responses`."""
    asked = await read_json(request, input=(str, list))
    script = await follow(request, asked["model"])
    answer = _answer(asked, request[IDENTITY])
    if asked.get("store") is not False:
        request.app[STORE][answer.response_id] = (answer, asked["input"])
    return await _send(request, answer, script, streamed=asked.get("stream") is True)


async def retrieve(request: web.Request) -> web.StreamResponse:
    """`GET /v1/responses/ID`, which can be streamed as well."""
    answer, _ = _find(request)
    streamed = request.query.get("stream") == "true"
    return await _send(request, answer, Script(), streamed=streamed)


async def delete(request: web.Request) -> web.StreamResponse:
    """`DELETE /v1/responses/ID`."""
    answer, _ = _find(request)
    del request.app[STORE][answer.response_id]
    deleted = {"id": answer.response_id, "object": "response", "deleted": True}
    return await send_json(request, deleted, Script())


async def cancel(request: web.Request) -> web.StreamResponse:
    """`POST /v1/responses/ID/cancel`: too late, as nothing runs in the background."""
    _find(request)
    raise ApiError(400, "Cannot cancel a synchronous response.")


async def input_items(request: web.Request) -> web.StreamResponse:
    """`GET /v1/responses/ID/input_items`, the last one first."""
    answer, asked = _find(request)
    items = list(reversed(_items(asked, answer.identity)))
    listed = {
        "object": "list",
        "data": items,
        "first_id": items[0]["id"] if items else None,
        "last_id": items[-1]["id"] if items else None,
        "has_more": False,
    }
    return await send_json(request, listed, Script())


async def input_tokens(request: web.Request) -> web.StreamResponse:
    """`POST /v1/responses/input_tokens`."""
    asked = await read_json(request, input=(str, list))
    script = await follow(request, asked["model"])
    count = count_tokens(last_text(asked["input"]))
    counted = {"object": "response.input_tokens", "input_tokens": count}
    return await send_json(request, counted, script)


ROUTES = [
    web.post("/v1/responses", create),
    web.post("/v1/responses/input_tokens", input_tokens),
    web.get("/v1/responses/{id}", retrieve),
    web.delete("/v1/responses/{id}", delete),
    web.post("/v1/responses/{id}/cancel", cancel),
    web.get("/v1/responses/{id}/input_items", input_items),
]


def _answer(asked: Json, identity: Identity) -> Answer:
    prompt = last_text(asked["input"])
    wanted = (asked.get("text") or {}).get("format") or {}
    deltas = echo(prompt)
    if wanted.get("type") == "json_schema":
        deltas = words(example(wanted.get("schema", {}), prompt))
    call = forced_call(asked, prompt)
    return Answer(asked["model"], prompt, deltas, call, asked, identity)


async def _send(
    request: web.Request, answer: Answer, script: Script, *, streamed: bool
) -> web.StreamResponse:
    if not streamed:
        return await send_json(request, answer.response("completed"), script)
    frames = map(named_frame, stream(answer))
    return await send_events(request, frames, script, named_frame(failure(answer)))


def _find(request: web.Request) -> tuple[Answer, Asked]:
    asked_id = request.match_info["id"]
    found = request.app[STORE].get(asked_id)
    if found is None:
        raise ApiError(404, f"Response with id '{asked_id}' not found.")
    return found


def _items(asked: Asked, identity: Identity) -> list[Json]:
    given = [{"role": "user", "content": asked}] if isinstance(asked, str) else asked
    return [_item(item, identity, number) for number, item in enumerate(given)]


def _item(item: Json, identity: Identity, number: int) -> Json:
    kept = {"id": identity.new_id(f"item{number}"), "status": "completed", **item}
    if "role" not in item:
        return kept
    content = item["content"]
    if isinstance(content, str):
        kind = TEXT_PARTS.get(item["role"])
        part: Json = {"type": "output_text", "annotations": [], "logprobs": []}
        content = [{**({"type": kind} if kind else part), "text": content}]
    return {**kept, "type": "message", "content": content}
