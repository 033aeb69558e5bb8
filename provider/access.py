"""Who may use the gateway: bearer tokens, and the origins of pages.

See: https://www.rfc-editor.org/rfc/rfc6750#section-2.1
"""

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from provider.settings.shared import ACCESS_TOKENS, CLIENT_TIMEOUT, CORS_ORIGINS
from provider.settings.sources import Sources
from wire.errors import ConfigurationError
from wire.request_log import log_line

OPEN_NOTICE = log_line(
    "open", {"notice": "PROXY_ACCESS_TOKENS is not set: everybody may use this gateway"}
)

# The scheme in any case, blanks, a token in the grammar of RFC 6750.
_BEARER = re.compile(rb"[Bb][Ee][Aa][Rr][Ee][Rr] +([A-Za-z0-9._~+/-]+=*)")


@dataclass(frozen=True, slots=True)
class Access:
    """What the operator allows. Where no tokens are set, everybody may enter."""

    tokens: tuple[bytes, ...] = field(repr=False)
    origins: tuple[str, ...]
    is_open: bool = False
    """No token is asked for."""
    setting_error: str | None = None
    """Why nobody may enter: the list of tokens makes no sense."""
    client_timeout_ms: int = 30_000
    """How long a client may be silent in a body."""

    def admits(self, authorization: Sequence[bytes]) -> bool:
        """Tell whether a request with these values of `authorization` may enter.

        Every token is compared, each in constant time, so that how long it takes says
        nothing of which one is nearly right.
        """
        if self.is_open:
            return True
        given = _BEARER.fullmatch(authorization[0]) if len(authorization) == 1 else None
        if given is None:
            return False
        matches = [hmac.compare_digest(given[1], token) for token in self.tokens]
        return any(matches)

    def allows_origin(self, origin: str) -> bool:
        """Tell whether pages of `origin` may read replies. Origins compare exactly.

        See: https://fetch.spec.whatwg.org/#http-access-control-allow-origin
        """
        return origin in self.origins


def _client_timeout(sources: Sources) -> int:
    """Read it; whoever enters is told of a wrong one with every other setting."""
    try:
        return int(sources.read(CLIENT_TIMEOUT))
    except ConfigurationError:
        return int(CLIENT_TIMEOUT.default)


def read_access(sources: Sources) -> Access:
    """Read the tokens and the origins; what makes no sense lets nobody in."""
    origins = _read_origins(sources)
    try:
        tokens = sources.read(ACCESS_TOKENS)
    except ConfigurationError as error:
        return Access((), origins, setting_error=error.message)
    return Access(
        tuple(map(str.encode, tokens)),
        origins,
        is_open=not tokens,
        client_timeout_ms=_client_timeout(sources),
    )


def _read_origins(sources: Sources) -> tuple[str, ...]:
    try:
        return sources.read(CORS_ORIGINS)
    except ConfigurationError:
        # The reply to whoever enters tells of it.
        return ()
