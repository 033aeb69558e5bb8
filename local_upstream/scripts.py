"""Scripted behaviour: a model's name can say what is to go wrong.

    error-STATUS     every request gets this status, with headers on when to retry
    error-STATUS-N   so do N requests; the one after them is answered, and so on
    slow-MS          the head of the reply comes this many milliseconds late
    stall-MS         the second half of the body does
    fail             an error event comes in the middle of a stream
    cut              the connection ends in the middle of the body

Chats, completions and Gemini's own API know more, which are no failures:

    refuse           the model refuses, in words if the API has room for them
    filter           a filter ends the answer in the middle
    length           so does a limit of tokens

Any other model answers. Where a request names its model, its path (`/v1/models/cut`)
or its form does just as well as its JSON.
"""

import asyncio
import re
from collections import Counter
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web

from local_upstream.errors import ApiError

ASKED = web.AppKey("asked", Counter[str])
"""How often each model was asked."""
RETRY_MS = 1
"""Those who know of milliseconds need not wait long, so a test does not either."""
ENDINGS = ("refuse", "filter", "length")

_ERROR = re.compile(r"error-([45]\d\d)(?:-(\d))?")
_DELAY = re.compile(r"(slow|stall)-(\d+)")
_CODES = {
    401: "invalid_api_key",
    404: "model_not_found",
    429: "rate_limit_exceeded",
}


@dataclass(frozen=True, slots=True)
class Script:
    """What is to happen to the body of a reply."""

    is_cut: bool = False
    fails: bool = False
    stall_seconds: float = 0.0
    ending: str = ""
    """How an answer ends other than well: one of `ENDINGS`, or nothing."""

    @property
    def is_plain(self) -> bool:
        """Tell whether nothing is to go wrong on the way."""
        return self == Script(ending=self.ending)

    @property
    def is_cut_short(self) -> bool:
        """Tell whether the model is to stop in the middle of its answer."""
        return self.ending in ("filter", "length")


async def follow(request: web.Request, model: str) -> Script:
    """Do what `model` asks for before the reply; return what is left for its body.

    Raises `ApiError`.
    """
    asked = request.app[ASKED]
    asked[model] += 1
    if error := _ERROR.fullmatch(model):
        _fail(int(error[1]), error[2], asked[model])
    if delay := _DELAY.fullmatch(model):
        seconds = int(delay[2]) / 1000
        if delay[1] == "stall":
            return Script(stall_seconds=seconds)
        await asyncio.sleep(seconds)
    ending = model if model in ENDINGS else ""
    return Script(is_cut=model == "cut", fails=model == "fail", ending=ending)


def _fail(status: int, failures: str | None, asked: int) -> None:
    if failures is not None and asked % (int(failures) + 1) == 0:
        return
    retried = status in (408, 409, 429) or status >= 500
    raise ApiError(
        status,
        f"This model always answers {status} ({_phrase(status)}).",
        _CODES.get(status),
        param="model" if status in (400, 404, 422) else None,
        retry_ms=RETRY_MS if retried else None,
    )


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in list(HTTPStatus) else "no meaning"
