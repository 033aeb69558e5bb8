"""Errors in the API's own shape."""

import json
from collections.abc import Mapping

from aiohttp import web

NO_HEADERS: Mapping[str, str] = {}


class ApiError(Exception):
    """A request that gets an error instead of an answer."""

    def __init__(
        self,
        status: int,
        message: str,
        code: str | None = None,
        *,
        param: str | None = None,
        headers: Mapping[str, str] = NO_HEADERS,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.param = param
        self.headers = headers

    def response(self) -> web.Response:
        """Return the error as the API would, which indents it."""
        error = {
            "message": str(self),
            "type": _type(self.status),
            "param": self.param,
            "code": self.code,
        }
        return web.Response(
            text=json.dumps({"error": error}, indent=4),
            status=self.status,
            content_type="application/json",
            headers=self.headers,
        )


def _type(status: int) -> str:
    if status == 429:
        return "requests"
    return "server_error" if status >= 500 else "invalid_request_error"
