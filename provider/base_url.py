"""Base URLs: where an API is, taken as it stands, with nothing appended."""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

_URL = re.compile(r"[\x21-\x7e]+")
_AUTHORITY = re.compile(r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]+)?")
_PATH = re.compile(r"([A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*")


class BadBaseUrl(ValueError):
    """Say why a URL cannot be used, without showing it: it may hold a password."""


@dataclass(frozen=True, slots=True)
class BaseUrl:
    """The parts of a base URL; `path` has no slash at its end."""

    scheme: str
    authority: str
    path: str


def parse_base_url(text: str, *, allow_plain_http: bool) -> BaseUrl:
    """Take a base URL apart.

    `http` carries the key in clear: it is for loopback, and elsewhere only with
    `allow_plain_http`. Raises `BadBaseUrl`.
    See: https://www.rfc-editor.org/rfc/rfc3986#section-3
    """
    if not text:
        raise BadBaseUrl("it is empty")
    if not _URL.fullmatch(text):
        raise BadBaseUrl("it holds a space or a character that is not ASCII")
    try:
        url = urlsplit(text)
        port = url.port
    except ValueError as error:
        raise BadBaseUrl("its host or port makes no sense") from error
    _check(url, port)
    if url.scheme == "http" and not (allow_plain_http or _is_loopback(url)):
        raise BadBaseUrl(
            "http would send the key in clear to another machine; use https, or set "
            "PROXY_ALLOW_PLAIN_HTTP=true for a private network"
        )
    return BaseUrl(url.scheme, url.netloc, url.path.rstrip("/"))


def _check(url: SplitResult, port: int | None) -> None:
    if url.scheme not in ("http", "https"):
        raise BadBaseUrl("it must start with https:// (or http:// for loopback)")
    if url.username is not None or url.password is not None:
        raise BadBaseUrl("it must not hold a user name or a password")
    if not _AUTHORITY.fullmatch(url.netloc) or port == 0:
        raise BadBaseUrl("its host or port makes no sense")
    if not _PATH.fullmatch(url.path):
        raise BadBaseUrl("its path holds a character that no URL may")
    if url.query or url.fragment:
        raise BadBaseUrl("it must not have a query or a fragment")


def _is_loopback(url: SplitResult) -> bool:
    host = url.hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
