"""Where the upstream is, and as whom it is asked."""

import re
from dataclasses import dataclass, field
from urllib.parse import unquote_plus

from provider.base_url import BadBaseUrl, BaseUrl, parse_base_url
from provider.marks import mark, via
from provider.settings.setting import Setting
from provider.settings.shared import ALLOW_PLAIN_HTTP
from provider.settings.sources import Sources
from wire.errors import ConfigurationError
from wire.ports import Headers, Timeouts, Upload, UpstreamRequest

VARIABLE_NAME = r"[A-Z][A-Z0-9_]{0,63}"
"""Of the variable that holds the key: capitals, so that no key passes for a name."""

_HEADER_VALUE = re.compile(r"[\x21-\x7e]*")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An API of the upstream: its base URL, its query, and who asks."""

    base_url: BaseUrl
    credentials: Headers = field(repr=False)
    query: str = ""
    """Of every request, such as `api-version=...`."""
    marks: tuple[str, ...] = ()
    """Of where a request that is sent on has been before."""

    def request(
        self,
        method: str,
        path: str,
        headers: Headers,
        body: bytes | Upload,
        timeouts: Timeouts,
    ) -> UpstreamRequest:
        """Build a request for `path`, which may have a query, below the base URL."""
        return UpstreamRequest(
            method=method,
            scheme=self.base_url.scheme,
            authority=self.base_url.authority,
            path_with_query=self.base_url.path + self._with_query(path),
            headers=(
                *headers,
                *via((*self.marks, mark(self.base_url))),
                *self.credentials,
            ),
            body=body,
            timeouts=timeouts,
        )

    def _with_query(self, path: str) -> str:
        """Add the endpoint's query, in the place of a client's own of that name."""
        if not self.query:
            return path
        path, _, query = path.partition("?")
        name = self.query.partition("=")[0]
        given = [part for part in query.split("&") if _name(part) != name]
        return f"{path}?{'&'.join([*filter(None, given), self.query])}"


def _name(member: str) -> str:
    """Return a query member's name, however it is encoded."""
    return unquote_plus(member.partition("=")[0])


def read_base_url(setting: Setting[str], sources: Sources) -> BaseUrl:
    """Read where the upstream is. Raises `ConfigurationError`, without the value."""
    plain_http = sources.read(ALLOW_PLAIN_HTTP)
    try:
        return parse_base_url(sources.read(setting), allow_plain_http=plain_http)
    except BadBaseUrl as error:
        message = f"{sources.name(setting)} cannot be used: {error}."
        raise ConfigurationError(message, code="invalid_base_url") from error


def read_key(setting: Setting[str], sources: Sources, advice: str = "") -> str:
    """Read the key from the variable that `setting` names.

    `advice` follows what is said of a key that is missing. Raises
    `ConfigurationError`, which names the variable and never shows a key.
    """
    variable = sources.read(setting)
    key = sources.environ.get(variable, "").strip()
    if not key:
        raise ConfigurationError(
            f"The proxy has no key for the upstream: set {variable} in the "
            f"environment of the process that serves it.{advice}",
            code="missing_api_key",
        )
    if not _HEADER_VALUE.fullmatch(key):
        raise ConfigurationError(
            f"{variable} holds a space, a line break or a character that no key "
            "has; set it anew.",
            code="invalid_api_key_setting",
        )
    return key
