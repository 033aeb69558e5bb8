"""Error codes as the core knows them: the names of their cases."""

import re


def kind(code: object) -> str:
    """Return an error code's case in kebab-case: ErrorCode_DnsError -> dns-error.

    The payload is left alone: a host may not give one, and it may say too much.
    """
    case = type(code).__name__.removeprefix("ErrorCode_")
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", case).lower()
