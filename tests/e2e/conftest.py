"""The proxy and its upstream: real processes and sockets, all on loopback."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.e2e.marked import KEY
from tests.e2e.proxy import PAIR, PRECOMPILED, Edition, Proxy
from tests.e2e.upstream import Upstream

StartProxy = Callable[..., Proxy]


@pytest.fixture(scope="session")
def edition() -> Edition:
    """The edition that is tested."""
    return PAIR


@pytest.fixture(scope="session", autouse=True)
def fresh_logs(edition: Edition) -> None:
    """Forget the logs of earlier runs, so that the log check sees only this one."""
    shutil.rmtree(edition.logs, ignore_errors=True)


@pytest.fixture(scope="session")
def shared_upstream() -> Iterator[Upstream]:
    upstream = Upstream()
    yield upstream
    upstream.close()


@pytest.fixture
def upstream(shared_upstream: Upstream) -> Iterator[Upstream]:
    """The upstream of all proxies, with no script yet and no memory."""
    shared_upstream.play(_unexpected)
    yield shared_upstream
    shared_upstream.join()


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


def _serve(
    name: str, environ: dict[str, str], edition: Edition, other: Path | None = None
) -> Proxy:
    flags = (*edition.flags, *PRECOMPILED)
    return Proxy(name, environ, other or edition.component, flags, edition.logs)


@pytest.fixture(scope="session")
def shared_proxy(edition: Edition, shared_upstream: Upstream) -> Iterator[Proxy]:
    proxy = _serve("default", _defaults(shared_upstream), edition)
    yield proxy
    proxy.stop()


@pytest.fixture
def proxy(shared_proxy: Proxy, upstream: Upstream) -> Proxy:
    """The proxy with the tests' usual settings: a key, short delays, a debug log."""
    assert upstream
    return shared_proxy


@pytest.fixture
def start_proxy(
    edition: Edition, upstream: Upstream, request: pytest.FixtureRequest
) -> Iterator[StartProxy]:
    """Start a proxy with other settings: `start_proxy(NAME=value)`, None for unset."""
    name = re.sub(r"\W+", "-", request.node.name).strip("-")[:80]
    with ExitStack() as running:

        def start(component: Path | None = None, **settings: str | None) -> Proxy:
            environ = _defaults(upstream) | settings
            given = {
                name: value for name, value in environ.items() if value is not None
            }
            proxy = _serve(name, given, edition, component)
            running.callback(proxy.stop)
            return proxy

        yield start
