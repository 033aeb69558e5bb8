"""The key is the provider's: the router's environment is empty by construction."""

from wasmtime.component import Func

from tests.host import stage
from tests.host.components import Built
from tests.host.runs import KEY
from tests.host.stage import Proxy, Stage
from tests.host.upstream import Answer


def test_the_composed_router_never_asks_the_host_for_its_environment(
    built: Built,
) -> None:
    # A health check reaches the router alone, in a fresh instance.
    run = Proxy(built, stage.composed).handle(method="get", target="/health", body=())
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


def test_the_environment_is_read_at_each_request(composed: Proxy) -> None:
    composed.handle(Answer(), environ={"OPENAI_API_KEY": "sk-before"})
    run = composed.handle(Answer(), environ={"OPENAI_API_KEY": "sk-after"})
    assert run.upstream.only.headers["authorization"] == b"Bearer sk-after"
