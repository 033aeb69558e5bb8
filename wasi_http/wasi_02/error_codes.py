"""Error codes as the core knows them: the names of their cases."""

import re

from componentize_py_types import Err
from wit_world.imports import types
from wit_world.imports.streams import StreamError_LastOperationFailed


def kind(code: object) -> str:
    """Return an error code's case in kebab-case: ErrorCode_DnsError -> dns-error.

    The payload is left alone: a host may not give one, and it may say too much.
    """
    case = type(code).__name__.removeprefix("ErrorCode_")
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", case).lower()


def stream_failure(error: Err[object]) -> str | None:
    """Return why a stream failed, or None if it was closed."""
    failure = error.value
    if not isinstance(failure, StreamError_LastOperationFailed):
        return None
    with failure.value as cause:
        code = types.http_error_code(cause)
    return "unknown" if code is None else kind(code)
