"""Which paths of the API the gateway serves: a list of what is allowed.

A path is judged as the upstream may come to read it, so everything that two readers
could understand differently is refused: dot segments, empty segments, encoded slashes,
dots, percent signs and control characters.
"""

import re
from urllib.parse import unquote

from wire.errors import InvalidRequest

PREFIX = "/v1/"
KEYS = frozenset({"key", "api_key", "api-key", "apikey", "access_token"})
"""Names in a query, such as Google's `?key=`."""
_ENCODED = re.compile(r"%(2e|2f|5c|25|[01][0-9a-f]|7f)", re.IGNORECASE)
_SLASH = re.compile("%2f", re.IGNORECASE)
_PLAIN = re.compile(r"[\x21-\x7e]+")


def upstream_path(target: str, allowed: tuple[str, ...]) -> str:
    """Return path and query below the base URL for a target below `/v1/`.

    Both stand as they came, but for a key in the query, which is left out as headers
    with keys are, and the slashes in a model's id, which clients encode. Raises
    `InvalidRequest` with status 404.
    """
    path, mark, query = target.partition("?")
    rest = _with_plain_slashes(path.removeprefix(PREFIX))
    is_below = path.startswith(PREFIX) and not _is_ambiguous(rest)
    if not (is_below and _is_allowed(unquote(rest), allowed)):
        raise InvalidRequest(
            "This gateway does not serve this path of the API; its operator can allow "
            "it in PROXY_ALLOWED_PATHS.",
            status=404,
            code="path_not_allowed",
        )
    return f"/{rest}{mark}{_without_keys(query)}"


def _with_plain_slashes(path: str) -> str:
    """Return the path that is judged, and sent, for the id of a model.

    With its slashes plain there is one way to read it.
    """
    return _SLASH.sub("/", path) if path.startswith("models/") else path


def _without_keys(query: str) -> str:
    """Drop what some APIs take for a key: the client's own has no business there."""
    if not any(_is_key(part) for part in query.split("&")):
        return query
    return "&".join(part for part in query.split("&") if not _is_key(part))


def _is_key(part: str) -> bool:
    return unquote(part.partition("=")[0]).lower() in KEYS


def _is_ambiguous(path: str) -> bool:
    segments = path.split("/")
    return (
        not _PLAIN.fullmatch(path)
        or "\\" in path
        or bool(_ENCODED.search(path))
        # Some servers cut parameters off first: `..;x` is `..` to them.
        or any(segment.partition(";")[0] in ("", ".", "..") for segment in segments)
        or not _is_utf_8(path)
    )


def _is_utf_8(path: str) -> bool:
    """Tell whether the path decodes: an overlong form of a dot, say, does not."""
    try:
        unquote(path, errors="strict")
    except UnicodeDecodeError:
        return False
    return True


def _is_allowed(path: str, allowed: tuple[str, ...]) -> bool:
    return any(
        path.startswith(pattern[:-1]) if pattern.endswith("/*") else path == pattern
        for pattern in allowed
    )
