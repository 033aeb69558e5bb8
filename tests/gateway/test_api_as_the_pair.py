"""`/v1/` does as `/openai-proxy`: the same tests, asked by the other route."""

from collections.abc import Iterator

import pytest

from tests.e2e import (
    test_back_pressure,
    test_broken_upstream,
    test_client_gone,
    test_retries,
    test_streaming,
    test_transport_errors,
    test_upstream_errors,
)
from tests.e2e.conftest import StartProxy
from tests.e2e.proxy import ROUTE, Proxy
from tests.e2e.test_transport_errors import refusing
from tests.gateway.test_as_the_pair import same_tests

__all__ = ["refusing"]

API = "/v1/responses"


@pytest.fixture
def proxy(proxy: Proxy) -> Iterator[Proxy]:
    """The usual proxy, asked by the API's own route."""
    proxy.route = API
    yield proxy
    proxy.route = ROUTE


@pytest.fixture
def start_proxy(start_proxy: StartProxy) -> StartProxy:
    """Start a proxy that is asked by the API's own route."""

    def start(**settings: str | None) -> Proxy:
        proxy = start_proxy(**settings)
        proxy.route = API
        return proxy

    return start


globals().update(
    same_tests(
        test_back_pressure,
        test_broken_upstream,
        test_client_gone,
        test_retries,
        test_streaming,
        test_transport_errors,
        test_upstream_errors,
    )
)
