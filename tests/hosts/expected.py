"""Where a host falls short, as the checks find it. All else is as promised."""

from tests.hosts.findings import YES

SHORTFALLS: dict[tuple[str, str, str], str] = {}
"""By host, edition and check."""


def expected(host: str, edition: str, check: str) -> str:
    """Return what a check is to find."""
    return SHORTFALLS.get((host, edition, check), YES)
