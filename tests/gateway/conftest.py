"""The fixtures of tests/e2e, with the gateway in the place of the pair."""

import pytest

from tests.e2e.conftest import (
    account,
    defaults,
    fresh_logs,
    proxy,
    shared_proxy,
    shared_upstream,
    start_proxy,
    upstream,
)
from tests.e2e.proxy import GATEWAY, Edition

__all__ = [
    "account",
    "defaults",
    "fresh_logs",
    "proxy",
    "shared_proxy",
    "shared_upstream",
    "start_proxy",
    "upstream",
]


@pytest.fixture(scope="session")
def edition() -> Edition:
    """The gateway, with wasmtime's default flags."""
    return GATEWAY
