"""The edge of a component: no exception may pass it.

One that did would end every stream of its instance, not only its own.
"""

from collections.abc import Awaitable

from wit_world.imports.wasi_http_types import Response

from wasi_http.wasi_03.replies import build_response
from wire.errors import ProxyError, error_reply, internal_error
from wire.request_log import RequestLog
from wire.respond import place


async def guarded(answer: Awaitable[Response], log: RequestLog) -> Response:
    """Return what `answer` gives, or else a reply that says that we failed."""
    try:
        return await answer
    except ProxyError as error:
        log.code = error.code
        return build_response(error_reply(error), log, method="GET")
    except Exception as defect:
        log.code, log.cause = "internal_error", place(defect)
        return build_response(error_reply(internal_error()), log, method="GET")
