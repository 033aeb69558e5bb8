"""The key is the provider's: the router's environment is fixed by construction."""

from functools import partial

import pytest
from wasmtime.component import Func

from tests.host import stage
from tests.host.components import Built
from tests.host.runs import KEY
from tests.host.stage import Proxy, Stage
from tests.host.upstream import Answer


@pytest.fixture(scope="module")
def gemini(built: Built) -> Proxy:
    """build/gemini.wasm, as wac joined it."""
    return Proxy(built, partial(stage.composed, name="gemini"))


@pytest.mark.parametrize("name", ["final", "gemini"])
def test_the_composed_router_never_asks_the_host_for_its_environment(
    built: Built, name: str
) -> None:
    # A health check reaches the router alone, in a fresh instance.
    composed = Proxy(built, partial(stage.composed, name=name))
    run = composed.handle(method="get", target="/health", body=())
    assert run.reply.status == 200
    assert run.environment_reads == 0


def test_a_router_without_the_empty_environment_would_ask(built: Built) -> None:
    def unplugged(bare: Stage) -> Func:
        instance = bare.instantiate("http_proxy", {})
        return bare.function(instance, stage.INCOMING_HANDLER, "handle")

    run = Proxy(built, unplugged).handle(method="get", target="/health", body=())
    assert run.environment_reads > 0


def test_the_composed_provider_reads_the_key(composed: Proxy) -> None:
    run = composed.handle(Answer((b"data: 1\n\n",)))
    assert run.environment_reads > 0
    assert run.upstream.only.headers["authorization"] == f"Bearer {KEY}".encode()


def test_so_does_gemini_s(gemini: Proxy) -> None:
    environ = {"GEMINI_API_KEY": KEY, "PROMPT_PATH": "/elsewhere"}
    sent = Answer((b"data: 1\n\n",))
    run = gemini.handle(sent, target="/gemini-proxy", environ=environ)
    assert run.environment_reads > 0
    assert run.upstream.only.headers["x-goog-api-key"] == KEY.encode()
    assert "authorization" not in run.upstream.only.headers
    assert run.reply.body == b"data: 1\n\n"


def test_the_environment_is_read_at_each_request(composed: Proxy) -> None:
    composed.handle(Answer(), environ={"OPENAI_API_KEY": "sk-before"})
    run = composed.handle(Answer(), environ={"OPENAI_API_KEY": "sk-after"})
    assert run.upstream.only.headers["authorization"] == b"Bearer sk-after"
