"""An upstream with an authority of its own, which wasmtime's command cannot trust."""

import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import trustme

from tests.e2e import replies
from tests.e2e.client import ask, error_of, send, streaming
from tests.e2e.exchange import Exchange
from tests.e2e.held import held
from tests.e2e.in_step import InStep
from tests.e2e.make_serve import command_lines
from tests.e2e.marked import KEY, chunks
from tests.e2e.test_broken_upstream import FIRST, after_a_chunk
from tests.e2e.upstream import Upstream
from tests.wash.conftest import vouched_for
from tests.wash.proxy import CommandProxy, path_of, written

STREAMS = 140
"""More than the 30 for which wash has room by itself, and than its 128 connections."""


@pytest.fixture(scope="module")
def served(
    component: str,
    tls_upstream: Upstream,
    authority_file: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[CommandProxy]:
    """What `make wash-dev CA=...` serves: the gateway's key comes from a file."""
    home = tmp_path_factory.mktemp("home")
    arguments = ["--ca", str(authority_file), path_of(component)]
    environ = {"OPENAI_BASE_URL": tls_upstream.url, "PROXY_MAX_RETRIES": "2"}
    if component == "gateway":
        secrets = home / "secrets.env"
        secrets.touch(mode=0o600)
        secrets.write_text(f"# of the tests\nOPENAI_API_KEY={KEY}\n")
        arguments += ["--secrets", str(secrets)]
    else:
        environ["OPENAI_API_KEY"] = KEY
    proxy = CommandProxy(f"tls-{component}", arguments, environ, home)
    yield proxy
    proxy.stop()


def test_a_stream_passes_in_step(served: CommandProxy, tls_upstream: Upstream) -> None:
    in_step = InStep(tls_upstream, chunks(8))
    with streaming(served) as response:
        assert response.status_code == 200
        in_step.read(response)
    request = tls_upstream.exchange().request
    assert request.headers["authorization"] == f"Bearer {KEY}"


def test_an_unknown_authority_is_told_of(
    served: CommandProxy, tls_upstream: Upstream
) -> None:
    trusted, tls_upstream.tls = tls_upstream.tls, vouched_for(trustme.CA())
    tls_upstream.play(replies.stream())
    try:
        error = _refused(ask(served))
        # Asking again cannot help, and the key never went out.
        assert (tls_upstream.connections, tls_upstream.exchanges) == (1, [])
    finally:
        tls_upstream.tls = trusted
    assert "certificate" in error
    assert ask(served).status_code == 200


def _refused(response: httpx.Response) -> str:
    error = error_of(response)
    assert (response.status_code, error["code"]) == (502, "upstream_tls_error")
    message: str = error["message"]
    return message


def test_an_upstream_that_breaks_off_breaks_the_transfer(
    served: CommandProxy, tls_upstream: Upstream
) -> None:
    read = threading.Event()
    tls_upstream.play(after_a_chunk(Exchange.reset, read))
    with streaming(served) as response:
        assert response.status_code == 200
        arriving = response.iter_raw()
        assert next(arriving) in FIRST
        read.set()
        with pytest.raises(httpx.RemoteProtocolError):
            list(arriving)


def test_many_streams_at_once(served: CommandProxy, tls_upstream: Upstream) -> None:
    with held(served, tls_upstream, STREAMS) as streams:
        assert [stream.status_code for stream in streams] == [200] * STREAMS


def test_guests_may_ask_the_upstream_alone(
    served: CommandProxy, component: str, tls_upstream: Upstream
) -> None:
    assert send(served, "GET", "/health").status_code == 200
    workload = written(component)["workload"]
    assert isinstance(workload, dict)
    assert workload["allowedHosts"] == [tls_upstream.url.removesuffix("/v1")]


def test_the_key_is_in_no_command_line_no_file_and_no_log(
    served: CommandProxy, component: str, tls_upstream: Upstream
) -> None:
    tls_upstream.play(replies.stream())
    assert ask(served).status_code == 200
    lines = command_lines(served.pid)
    assert any(b"wash" in line and b"dev" in line for line in lines)
    assert not any(KEY.encode() in line for line in lines)
    assert KEY not in str(written(component)) + served.text()
