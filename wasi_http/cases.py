"""Cases of WASI's variants by name, which are the same in both editions."""

import re


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
