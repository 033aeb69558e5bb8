"""Why a stream failed, as the core knows it."""

from componentize_py_types import Err
from wit_world.imports import types
from wit_world.imports.streams import StreamError_LastOperationFailed

from wasi_http.cases import caught, error_kind


def stream_failure(error: Err[object]) -> str | None:
    """Return why a stream failed, or None if it was closed."""
    failure = caught(error)
    if not isinstance(failure, StreamError_LastOperationFailed):
        return None
    with failure.value as cause:
        code = types.http_error_code(cause)
    return "unknown" if code is None else error_kind(code)
