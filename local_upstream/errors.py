"""Errors in the API's own shape."""

import json

from aiohttp import web


class ApiError(Exception):
    """A request that gets an error instead of an answer."""

    def __init__(
        self,
        status: int,
        message: str,
        code: str | None = None,
        *,
        param: str | None = None,
        retry_ms: int | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.param = param
        self.retry_ms = retry_ms
        """When to ask again, if that is of use: milliseconds from now."""

    def retry_headers(self) -> dict[str, str]:
        """Return the headers on when to ask again, if any."""
        if self.retry_ms is None:
            return {}
        seconds = -(-self.retry_ms // 1000)
        return {"retry-after-ms": str(self.retry_ms), "retry-after": str(seconds)}

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
            headers=self.retry_headers(),
        )


def _type(status: int) -> str:
    if status == 429:
        return "requests"
    return "server_error" if status >= 500 else "invalid_request_error"
