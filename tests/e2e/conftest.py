"""The proxy and its upstream: real processes and sockets, all on loopback."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.e2e.marked import KEY
from tests.e2e.proxy import BUILD, LOGS, Proxy
from tests.e2e.upstream import Upstream

StartProxy = Callable[..., Proxy]


@pytest.fixture(scope="session", autouse=True)
def _fresh_logs() -> None:
    """Forget the logs of earlier runs, so that the log check sees only this one."""
    shutil.rmtree(LOGS, ignore_errors=True)


@pytest.fixture(scope="session")
def _upstream() -> Iterator[Upstream]:
    upstream = Upstream()
    yield upstream
    upstream.close()


@pytest.fixture
def upstream(_upstream: Upstream) -> Iterator[Upstream]:
    """The upstream of all proxies, with no script yet and no memory."""
    _upstream.play(_unexpected)
    yield _upstream
    _upstream.join()


def _unexpected(_: object) -> None:
    raise AssertionError("the upstream was asked")


def _defaults(upstream: Upstream) -> dict[str, str]:
    return {
        "OPENAI_API_KEY": KEY,
        "OPENAI_BASE_URL": upstream.url,
        "PROXY_MAX_RETRIES": "2",
        "PROXY_RETRY_INITIAL_DELAY_MS": "1",
        "PROXY_RETRY_MAX_DELAY_MS": "1000",
        "LOG_LEVEL": "debug",
    }


@pytest.fixture(scope="session")
def _proxy(_upstream: Upstream) -> Iterator[Proxy]:
    proxy = Proxy("default", _defaults(_upstream))
    yield proxy
    proxy.stop()


@pytest.fixture
def proxy(_proxy: Proxy, upstream: Upstream) -> Proxy:
    """The proxy with the tests' usual settings: a key, short delays, a debug log."""
    assert upstream
    return _proxy


@pytest.fixture
def start_proxy(
    upstream: Upstream, request: pytest.FixtureRequest
) -> Iterator[StartProxy]:
    """Start a proxy with other settings: `start_proxy(NAME=value)`, None for unset."""
    name = re.sub(r"\W+", "-", request.node.name).strip("-")[:80]
    with ExitStack() as running:

        def start(
            component: Path = BUILD / "final.cwasm", **settings: str | None
        ) -> Proxy:
            environ = _defaults(upstream) | settings
            given = {
                name: value for name, value in environ.items() if value is not None
            }
            proxy = Proxy(name, given, component)
            running.callback(proxy.stop)
            return proxy

        yield start
