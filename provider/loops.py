"""Requests that come back to where they were sent from.

One that arrives with the mark of our own upstream has been sent there before and was
led here, so it would be led here again. A gateway before another has another upstream,
and passes.
"""

from dataclasses import replace

from provider.marks import mark, read_marks
from provider.settings.settings import Settings
from wire.errors import UpstreamError
from wire.ports import Headers

MARKS_LIMIT = 16
"""Gateways in a row: more are no chain that anybody would build."""


def behind(settings: Settings, sent: Headers) -> Settings:
    """Return the settings that hand on the marks that a request came with.

    Raises `UpstreamError` with status 508 if the request has been here before.
    """
    seen = read_marks(sent)
    if not seen:
        return settings
    if mark(settings.api.base_url) in seen or len(seen) > MARKS_LIMIT:
        raise UpstreamError(
            "This request has been sent to the gateway's upstream before, and was led "
            "back to the gateway: its operator has to make the base URL the "
            "provider's own, and not an address for clients.",
            status=508,
            code="loop_detected",
            # A retry would go round as well, and each round would retry.
            headers=(("x-should-retry", b"false"),),
        )
    return replace(settings, api=replace(settings.api, marks=seen))
