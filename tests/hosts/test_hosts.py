"""Every host and edition of the table, by every check."""

import pytest

from scripts.hosts.host import Host, Served
from tests.e2e.upstream import Upstream
from tests.hosts.checks import CHECKS
from tests.hosts.expected import expected


@pytest.mark.parametrize("check", CHECKS)
def test_a_host(
    run: tuple[Host, str], served: Served, upstream: Upstream, check: str
) -> None:
    host, edition = run
    found = CHECKS[check](served, upstream)
    assert found == expected(host.name, edition, check)
