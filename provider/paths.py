"""From a client's target to the upstream's path: what the operator allows, and no more.

A path is judged as the upstream may come to read it, so everything that two readers
could understand differently is refused.
"""

import re
from collections.abc import Sequence

from provider.allow_list import Pattern, allowed_methods
from provider.plain_paths import decode_path
from provider.query_keys import without_keys
from wire.errors import InvalidRequest

PREFIX = "/v1/"
SETTING = "its operator can allow it in PROXY_ALLOWED_PATHS"
_SLASH = re.compile("%2f", re.IGNORECASE)


def upstream_path(method: str, target: str, allowed: Sequence[Pattern]) -> str:
    """Return path and query below the base URL for a target below `/v1/`.

    Both stand as they came, but for keys in the query, which are left out as headers
    with keys are, and the slashes in a model's id, which clients encode. Raises
    `InvalidRequest` with status 404, or 405 if the path is allowed for other methods.
    """
    path, mark, query = target.partition("?")
    methods = served_methods(target, allowed)
    if method not in methods:
        raise _method_not_allowed(methods)
    return f"/{_below_prefix(path)}{mark}{without_keys(query)}"


def served_methods(target: str, allowed: Sequence[Pattern]) -> tuple[str, ...]:
    """Return the methods that a target may be asked with.

    Raises `InvalidRequest` with status 404 if there is none.
    """
    path = target.partition("?")[0]
    decoded = decode_path(_below_prefix(path)) if path.startswith(PREFIX) else None
    methods = allowed_methods(decoded, allowed) if decoded is not None else ()
    if not methods:
        raise InvalidRequest(
            f"This gateway does not serve this path of the API; {SETTING}.",
            status=404,
            code="path_not_allowed",
        )
    return methods


def allow_value(methods: Sequence[str]) -> bytes:
    """Return the value of `allow`: the gateway itself answers OPTIONS."""
    return ", ".join((*methods, "OPTIONS")).encode()


def _below_prefix(path: str) -> str:
    """Return the path that is judged, and sent.

    With the slashes in a model's id plain there is one way to read it.
    """
    rest = path.removeprefix(PREFIX)
    return _SLASH.sub("/", rest) if rest.startswith("models/") else rest


def _method_not_allowed(methods: Sequence[str]) -> InvalidRequest:
    allow = allow_value(methods)
    return InvalidRequest(
        f"This gateway serves this path of the API for {allow.decode()} alone; "
        f"another method: {SETTING}.",
        status=405,
        code="method_not_allowed",
        headers=(("allow", allow),),
    )
