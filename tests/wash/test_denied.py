"""A host that lets its guests ask somebody else: the client is told of its list."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.wash.workload import Workload
from tests.e2e.client import ask, error_of, send
from tests.e2e.marked import KEY, PROMPT
from tests.e2e.proxy import ROOT
from tests.e2e.upstream import Upstream
from tests.wash.proxy import WashProxy, path_of


@pytest.fixture(scope="module")
def served(
    component: str, plain_upstream: Upstream, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[WashProxy]:
    environ = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": plain_upstream.url}
    workload = Workload(
        ROOT / path_of(component),
        settings=("OPENAI_BASE_URL",),
        secrets=("OPENAI_API_KEY",),
        allowed_hosts=("https://api.openai.com",),
    )
    folder: Path = tmp_path_factory.mktemp("denied")
    proxy = WashProxy(f"denied-{component}", workload, environ, folder)
    yield proxy
    proxy.stop()


def test_the_allow_list_is_named(
    served: WashProxy, plain_upstream: Upstream, component: str
) -> None:
    response = ask(served)
    error = error_of(response)
    assert (response.status_code, error["code"]) == (502, "upstream_denied")
    assert "allowedHosts" in error["message"]
    line = served.request_line(response.headers["x-request-id"])
    assert (line["cause"], line["retries"]) == ("http-request-denied", 0)
    if component == "gateway":
        _every_route_says_so(served)
    assert plain_upstream.connections == 0


def _every_route_says_so(served: WashProxy) -> None:
    chat = send(served, "POST", "/chat", json={"prompt": PROMPT})
    models = send(served, "GET", "/v1/models")
    embedded = send(served, "POST", "/v1/embeddings", json={"input": PROMPT})
    for response in (chat, models, embedded):
        assert response.status_code == 502
        assert error_of(response)["code"] == "upstream_denied"
    ready = send(served, "GET", "/health/ready")
    assert ready.status_code == 503
    assert "allowedHosts" in ready.json()["reason"]
