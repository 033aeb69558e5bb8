"""What a provider's API insists on, and how it tells that it is not satisfied.

Real servers forgive much that is wrong. These do not, so that a request that passes is
one which any of them takes: the path, the one header that holds the key, no other key
beside it, the query and the form of the content are all as they must be.
"""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from aiohttp import web

from local_upstream import chat, completions, embeddings, models
from local_upstream.errors import ApiError
from local_upstream.identity import Identity
from local_upstream.observing import Conventions
from scripts.check_logs import KEY_MARK

KEY = f"sk-{KEY_MARK}"
"""The only key that any of them takes."""
KEY_HEADERS = ("authorization", "api-key", "x-api-key", "x-goog-api-key")
BEARER = ("authorization", f"Bearer {KEY}")
API_KEY = ("api-key", KEY)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Routes = Mapping[str, Handler]
"""What answers a method and a path below the base, such as `GET /models`."""
CHAT: Routes = {"POST /chat/completions": chat.create}
COMPLETIONS: Routes = {"POST /completions": completions.create}
EMBEDDINGS: Routes = {"POST /embeddings": embeddings.create}
MODELS: Routes = {
    "GET /models": models.list_models,
    "GET /models/{model:.+}": models.retrieve,
}
NO_QUERY: Mapping[str, str] = {}


class Refusal(NamedTuple):
    """What is answered to a request that is wrong in one respect."""

    status: int
    message: str

    def error(self) -> ApiError:
        """Build the error that is told in the provider's own shape."""
        return ApiError(self.status, self.message)


class Told(NamedTuple):
    """An error's body: JSON, or plain text where a server has no better."""

    body: Any
    headers: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Dialect:
    """One provider's API, named as its example settings are."""

    name: str
    base_path: str
    routes: Routes
    tell: Callable[[ApiError], Told]
    keys: Sequence[tuple[str, str]] = (BEARER,)
    """The header that must be there, and its value: one of these; without any, none."""
    query: Mapping[str, str] = field(default_factory=dict)
    takes_arrays: bool = True
    """Whether the content of a message may be an array of parts."""
    wrong_key: Refusal = Refusal(401, "Unauthorized")
    wrong_query: Refusal = Refusal(400, "This query has no meaning here.")
    wrong_content: Refusal = Refusal(400, "The content of a message must be a string.")
    wrong_type: Refusal = Refusal(415, "Only application/json is taken.")
    marks: Callable[[Identity], Mapping[str, str]] = lambda _: NO_QUERY
    """The headers that every reply has."""

    async def check(self, request: web.Request) -> None:
        """Insist on all that this API does. Raises `ApiError`."""
        if dict(request.query) != self.query:
            raise self.wrong_query.error()
        if not self._has_key(request):
            raise self.wrong_key.error()
        if request.method == "POST" and request.content_type != "application/json":
            raise self.wrong_type.error()
        if not (self.takes_arrays or await _has_plain_content(request)):
            raise self.wrong_content.error()

    def conventions(self) -> Conventions:
        """Return what the local upstream needs to know of all this."""
        return Conventions(self.check, self._respond, self.marks)

    def _has_key(self, request: web.Request) -> bool:
        headers = request.headers
        sent = [(name, headers[name]) for name in KEY_HEADERS if name in headers]
        return sent == [] if not self.keys else sent in [[key] for key in self.keys]

    def _respond(self, request: web.Request, error: ApiError) -> web.Response:
        del request  # It makes no difference to any of them.
        told = self.tell(error)
        is_text = isinstance(told.body, str)
        return web.Response(
            text=told.body if is_text else json.dumps(told.body),
            status=error.status,
            content_type="text/plain" if is_text else "application/json",
            headers=told.headers,
        )


async def _has_plain_content(request: web.Request) -> bool:
    if not request.path.endswith("/chat/completions"):
        return True
    # What is no chat at all is for the handler to tell.
    with suppress(ValueError, KeyError):
        messages = (await request.json())["messages"]
        # A message that only calls a function has no content.
        return all(isinstance(m.get("content"), str | None) for m in messages)
    return True
