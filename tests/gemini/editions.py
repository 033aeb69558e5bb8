"""What is served: both of Gemini's compositions."""

import pytest

from scripts.room import room_flags
from tests.e2e.proxy import BUILD, Edition

ROUTE = "/gemini-proxy"
LOGS = BUILD / "logs" / "gemini"
PAIR = Edition(BUILD / "gemini.cwasm", LOGS / "pair", room_flags(), route=ROUTE)
GATEWAY = Edition(
    BUILD / "gemini_gateway.cwasm", LOGS / "gateway", relays=True, route=ROUTE
)
EDITIONS = (GATEWAY, PAIR)


def only(edition: Edition) -> pytest.MarkDecorator:
    """Mark a test that is of one edition."""
    return pytest.mark.parametrize(
        "edition", [edition], indirect=True, ids=[edition.component.stem]
    )
