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
    """The gateway before it, closed to all without a token."""
    environ = {
        "OPENAI_API_KEY": KEY,
        "OPENAI_BASE_URL": upstream.url,
        "PROXY_ACCESS_TOKENS": TOKEN,
        "PROXY_MAX_RETRIES": str(RETRIES),
        "PROXY_RETRY_INITIAL_DELAY_MS": "1",
        "LOG_LEVEL": "debug",
    }
    (LOGS / "sdk.log").unlink(missing_ok=True)  # of an earlier run
    proxy = Proxy("sdk", environ, component=BUILD / "gateway.cwasm")
    yield proxy
    proxy.stop()


@pytest.fixture(scope="session")
def pair(upstream: LocalUpstream, gateway: Proxy) -> Pair:
    """Clients of both."""
    return Pair(
        direct=Side(upstream.url, KEY),
        gateway=Side(f"{gateway.url}/v1", TOKEN),
        upstream=upstream,
    )
