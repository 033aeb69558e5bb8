"""The proxy and its upstream: real processes and sockets, all on loopback."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from scripts.wasmtime import PRECOMPILED
from tests.e2e.marked import KEY
from tests.e2e.proxy import PAIR, Edition, Proxy
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


@pytest.fixture(scope="session")
def account(shared_upstream: Upstream) -> dict[str, str]:
    """The settings of a provider's own: where its upstream is, and the key for it."""
    return {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": shared_upstream.url}


@pytest.fixture(scope="session")
def defaults(account: dict[str, str]) -> dict[str, str]:
    """The tests' usual settings: a key, short delays, a debug log."""
    return account | {
        "PROXY_MAX_RETRIES": "2",
        "PROXY_RETRY_INITIAL_DELAY_MS": "1",
        "PROXY_RETRY_MAX_DELAY_MS": "1000",
        "LOG_LEVEL": "debug",
    }


def _serve(
    name: str, environ: dict[str, str], edition: Edition, other: Path | None = None
) -> Proxy:
    flags = (*edition.flags, *PRECOMPILED)
    proxy = Proxy(name, environ, other or edition.component, flags, edition.logs)
    proxy.route = edition.route
    return proxy


@pytest.fixture(scope="session")
def shared_proxy(edition: Edition, defaults: dict[str, str]) -> Iterator[Proxy]:
    proxy = _serve("default", defaults, edition)
    yield proxy
    proxy.stop()


@pytest.fixture
def proxy(shared_proxy: Proxy, upstream: Upstream) -> Proxy:
    """The proxy with the tests' usual settings."""
    assert upstream
    return shared_proxy


@pytest.fixture
def start_proxy(
    edition: Edition,
    upstream: Upstream,
    defaults: dict[str, str],
    request: pytest.FixtureRequest,
) -> Iterator[StartProxy]:
    """Start a proxy with other settings: `start_proxy(NAME=value)`, None for unset."""
    name = re.sub(r"\W+", "-", request.node.name).strip("-")[:80]
    assert upstream
    with ExitStack() as running:

        def start(component: Path | None = None, **settings: str | None) -> Proxy:
            environ = defaults | settings
            given = {
                name: value for name, value in environ.items() if value is not None
            }
            proxy = _serve(name, given, edition, component)
            running.callback(proxy.stop)
            return proxy

        yield start
