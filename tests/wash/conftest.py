"""Each module starts one `wash dev` for each edition: a start costs half a minute."""

import shutil
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from tests.e2e.exchange import Exchange
from tests.e2e.upstream import Upstream
from tests.wash.proxy import LOGS


@pytest.fixture(scope="session", autouse=True)
def fresh_logs() -> None:
    """Forget the logs of earlier runs, so that the log check sees only this one."""
    shutil.rmtree(LOGS, ignore_errors=True)


@pytest.fixture(scope="module", params=["gateway", "final"])
def component(request: pytest.FixtureRequest) -> str:
    """The edition, by the name of its file."""
    name: str = request.param
    return name


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """An authority of our own, which no host knows of itself."""
    return trustme.CA()


@pytest.fixture(scope="session")
def authority_file(
    authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    path = tmp_path_factory.mktemp("authority") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


def vouched_for(authority: trustme.CA) -> ssl.SSLContext:
    """Build a server's side of TLS, with a certificate of an authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    return context


def unexpected(_: Exchange) -> None:
    """Be the script of an upstream that nobody may ask."""
    raise AssertionError("the upstream was asked")


@pytest.fixture(scope="module")
def tls_upstream(authority: trustme.CA) -> Iterator[Upstream]:
    """An upstream on https, whose certificate is of our own authority."""
    upstream = Upstream(vouched_for(authority))
    yield upstream
    upstream.close()


@pytest.fixture(scope="module")
def plain_upstream() -> Iterator[Upstream]:
    upstream = Upstream()
    upstream.play(unexpected)
    yield upstream
    upstream.close()
