"""Chat completions that were made with `store`: listed, read, changed and deleted.

See: https://platform.openai.com/docs/api-reference/chat/list
"""

from dataclasses import dataclass, field

from aiohttp import web

from local_upstream.asking import Json, read_object
from local_upstream.errors import ApiError
from local_upstream.scripts import Script
from local_upstream.sending import send_json


@dataclass(frozen=True, slots=True)
class StoredChat:
    """A completion, and the messages that it answers."""

    completion: Json
    messages: list[Json]
    metadata: Json = field(default_factory=dict)

    def told(self) -> Json:
        """Return the completion as it is read again."""
        return {**self.completion, "metadata": self.metadata}


STORE = web.AppKey("stored_chats", dict[str, StoredChat])
"""By their ids, the oldest first."""


def keep(request: web.Request, asked: Json, completion: Json) -> None:
    """Keep a completion if the request asks for that."""
    if asked.get("store") is True:
        metadata = asked.get("metadata") or {}
        chat = StoredChat(completion, asked["messages"], metadata)
        request.app[STORE][completion["id"]] = chat


async def list_chats(request: web.Request) -> web.StreamResponse:
    """`GET /v1/chat/completions`, all of one page."""
    data = [chat.told() for chat in request.app[STORE].values()]
    return await send_json(request, _list_of(data), Script())


async def retrieve(request: web.Request) -> web.StreamResponse:
    """`GET /v1/chat/completions/ID`."""
    return await send_json(request, _find(request).told(), Script())


async def update(request: web.Request) -> web.StreamResponse:
    """`POST /v1/chat/completions/ID`."""
    chat = _find(request)
    asked = await read_object(request, metadata=dict)
    changed = StoredChat(chat.completion, chat.messages, asked["metadata"])
    request.app[STORE][chat.completion["id"]] = changed
    return await send_json(request, changed.told(), Script())


async def delete(request: web.Request) -> web.StreamResponse:
    """`DELETE /v1/chat/completions/ID`."""
    asked_id = _find(request).completion["id"]
    del request.app[STORE][asked_id]
    deleted = {"object": "chat.completion.deleted", "id": asked_id, "deleted": True}
    return await send_json(request, deleted, Script())


async def messages(request: web.Request) -> web.StreamResponse:
    """`GET /v1/chat/completions/ID/messages`."""
    chat = _find(request)
    data = [
        {"id": f"{chat.completion['id']}-{number}", "refusal": None, **message}
        for number, message in enumerate(chat.messages)
    ]
    return await send_json(request, _list_of(data), Script())


PATH = "/v1/chat/completions"
ROUTES = [
    web.get(PATH, list_chats),
    web.get(f"{PATH}/{{id}}", retrieve),
    web.post(f"{PATH}/{{id}}", update),
    web.delete(f"{PATH}/{{id}}", delete),
    web.get(f"{PATH}/{{id}}/messages", messages),
]


def _find(request: web.Request) -> StoredChat:
    asked_id = request.match_info["id"]
    found = request.app[STORE].get(asked_id)
    if found is None:
        raise ApiError(404, f"No chat completion found with id: '{asked_id}'.")
    return found


def _list_of(data: list[Json]) -> Json:
    return {
        "object": "list",
        "data": data,
        "first_id": data[0]["id"] if data else None,
        "last_id": data[-1]["id"] if data else None,
        "has_more": False,
    }
