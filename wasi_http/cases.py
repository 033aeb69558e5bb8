"""Cases of WASI's variants by name, which are the same in both editions."""

import re
from typing import Protocol


class Caught(Protocol):
    """An `Err` that a call to the host has raised."""

    @property
    def value(self) -> object:
        """What the host says."""

    def with_traceback(self, tb: None, /) -> object:
        """Set the frames that the error came by."""


def caught(error: Caught) -> object:
    """Return what a caught error says, and let go of the frames that it came by.

    The generated frame that raised it holds it, and it holds the frame: everything in
    those frames, a connection among it, would live until the cyclic collector runs, and
    the instance with it. (Err is frozen: `__traceback__` cannot be assigned.)
    """
    error.with_traceback(None)
    return error.value


def error_kind(code: object) -> str:
    """Return an error code's case in kebab-case: ErrorCode_DnsError -> dns-error.

    The payload is left alone: a host may not give one, and it may say too much.
    """
    case = type(code).__name__.removeprefix("ErrorCode_")
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", case).lower()


def method_name(method: object) -> str:
    """Return a method as it stands in a request: Method_Get -> GET."""
    other: str | None = getattr(method, "value", None)
    return other or type(method).__name__.removeprefix("Method_").upper()
