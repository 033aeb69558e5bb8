"""Every host and edition of the table, by every check."""

import pytest

from scripts.hosts.host import Served
from tests.e2e.upstream import Upstream
from tests.hosts.checks import CHECKS
from tests.hosts.expected import expected
from tests.hosts.starting import Run


@pytest.mark.parametrize("check", CHECKS)
def test_a_host(run: Run, served: Served, upstream: Upstream, check: str) -> None:
    found = CHECKS[check](served, upstream)
    assert found == expected(run.host.name, run.edition, check)
