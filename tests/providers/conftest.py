"""A gateway for each of the example settings, started once for all tests."""

import shutil
from collections.abc import Iterator

import pytest

from tests.providers.matrix import ROWS
from tests.providers.station import LOGS, Station, starting


@pytest.fixture(scope="session", autouse=True)
def fresh_logs() -> None:
    """Forget the logs of earlier runs, so that the log check sees only this one."""
    shutil.rmtree(LOGS, ignore_errors=True)


# pytest puts the tests of one row together, so that one gateway runs at a time.
@pytest.fixture(scope="session", params=ROWS, ids=lambda row: row.name)
def station(request: pytest.FixtureRequest) -> Iterator[Station]:
    with starting(request.param) as station:
        yield station
