"""The fixtures of tests/e2e, with Gemini's two editions in the place of the pair.

A test of one edition alone is marked by `only(PAIR)` or `only(GATEWAY)`.
"""

import shutil

import pytest

from tests.e2e.conftest import (
    defaults,
    proxy,
    shared_proxy,
    shared_upstream,
    start_proxy,
    upstream,
)
from tests.e2e.marked import KEY
from tests.e2e.proxy import Edition
from tests.e2e.upstream import Upstream
from tests.gemini.editions import EDITIONS, LOGS
from tests.gemini.google import base_url

__all__ = [
    "defaults",
    "proxy",
    "shared_proxy",
    "shared_upstream",
    "start_proxy",
    "upstream",
]


@pytest.fixture(scope="session", autouse=True)
def fresh_logs() -> None:
    """Forget the logs of earlier runs, so that the log check sees only this one."""
    shutil.rmtree(LOGS, ignore_errors=True)


@pytest.fixture(scope="session", params=EDITIONS, ids=lambda each: each.component.stem)
def edition(request: pytest.FixtureRequest) -> Edition:
    """The edition that is tested: one after the other."""
    tested: Edition = request.param
    return tested


@pytest.fixture(scope="session")
def account(shared_upstream: Upstream) -> dict[str, str]:
    """The settings of Gemini's own."""
    return {"GEMINI_API_KEY": KEY, "GEMINI_BASE_URL": base_url(shared_upstream)}
