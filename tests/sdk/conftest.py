"""The gateway and its upstream, for all tests of this folder."""

from collections.abc import Iterator

import pytest

from scripts.check_logs import KEY_MARK
from tests.e2e.proxy import BUILD, LOGS, Proxy
from tests.sdk.pair import Pair, Side
from tests.sdk.upstream import LocalUpstream

KEY = f"sk-{KEY_MARK}"
TOKEN = f"token-{KEY_MARK}"
RETRIES = 2
"""The gateway's own; the clients' own are as many by default."""


@pytest.fixture(scope="session")
def upstream() -> Iterator[LocalUpstream]:
    """The upstream of both sides."""
    upstream = LocalUpstream()
    yield upstream
    upstream.close()


@pytest.fixture(scope="session")
def gateway(upstream: LocalUpstream) -> Iterator[Proxy]:
    """The gateway before it, closed to all without a token, and else open to all."""
    yield from _serve("sdk", upstream, {"PROXY_ALLOWED_PATHS": "*"})


@pytest.fixture(scope="session")
def default_gateway(upstream: LocalUpstream) -> Iterator[Proxy]:
    """One that serves what is allowed by default."""
    yield from _serve("sdk-default", upstream, {})


def _serve(
    name: str, upstream: LocalUpstream, settings: dict[str, str]
) -> Iterator[Proxy]:
    environ = {
        **settings,
        "OPENAI_API_KEY": KEY,
        "OPENAI_BASE_URL": upstream.url,
        "PROXY_ACCESS_TOKENS": TOKEN,
        "PROXY_MAX_RETRIES": str(RETRIES),
        "PROXY_RETRY_INITIAL_DELAY_MS": "1",
        "LOG_LEVEL": "debug",
    }
    (LOGS / f"{name}.log").unlink(missing_ok=True)  # of an earlier run
    proxy = Proxy(name, environ, component=BUILD / "gateway.cwasm")
    yield proxy
    proxy.stop()


@pytest.fixture(scope="session")
def pair(upstream: LocalUpstream, gateway: Proxy) -> Pair:
    """Clients of both."""
    return _pair(upstream, gateway)


@pytest.fixture(scope="session")
def default_pair(upstream: LocalUpstream, default_gateway: Proxy) -> Pair:
    """Clients of both, where the gateway has its default list."""
    return _pair(upstream, default_gateway)


def _pair(upstream: LocalUpstream, gateway: Proxy) -> Pair:
    return Pair(
        direct=Side(upstream.url, KEY),
        gateway=Side(f"{gateway.url}/v1", TOKEN),
        upstream=upstream,
    )
