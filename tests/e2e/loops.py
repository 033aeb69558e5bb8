"""The mark of the tests' upstream, which every request that is sent there has."""

from provider.base_url import BaseUrl
from provider.marks import mark, via
from tests.e2e.upstream import Upstream


def via_to(upstream: Upstream, path: str = "/v1") -> str:
    """Return the value of `via` of a request to the API at `path`."""
    [(_, value)] = via((mark(BaseUrl("http", f"127.0.0.1:{upstream.port}", path)),))
    return value.decode()
