"""Where a host falls short, as the checks find it. All else is as promised."""

from scripts.hosts.jco import ISOLATED, SHARED
from scripts.hosts.wasmcloud import POOLED
from tests.hosts.findings import (
    ENDS_THE_HOST,
    LOOKS_WHOLE,
    NOT_NOTICED,
    ONE_AT_A_TIME,
    WHEN_IT_SPEAKS,
    YES,
)

SHORTFALLS = {
    (POOLED.name, "gateway", "client leaves"): WHEN_IT_SPEAKS,
    (SHARED.name, "final", "client leaves"): NOT_NOTICED,
    (SHARED.name, "final", "isolation"): ONE_AT_A_TIME,
    (SHARED.name, "final", "upstream breaks"): ENDS_THE_HOST,
    (ISOLATED.name, "final", "client leaves"): NOT_NOTICED,
    (ISOLATED.name, "final", "upstream breaks"): LOOKS_WHOLE,
}
"""What is found, by host, edition and check; docs/hosts.md says why."""


def expected(host: str, edition: str, check: str) -> str:
    """Return what a check is to find."""
    return SHORTFALLS.get((host, edition, check), YES)
