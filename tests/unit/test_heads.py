import pytest

from http_proxy.answer import answer_or_prompt
from http_proxy.gateway import decide
from http_proxy.heads import TARGET_LIMIT
from http_proxy.routing import Route, gateway, pair
from tests.unit.fakes import Client, Log, ScriptedBody, run
from tests.unit.test_gateway import Door
from wire.errors import InvalidRequest
from wire.headers import FIELD_BYTES, HEADERS_LIMIT
from wire.ports import Reply, Request

ROOM = HEADERS_LIMIT - FIELD_BYTES - len("x") - FIELD_BYTES - len("authorization")
TOKEN = ("authorization", b"Bearer t")
LARGE = ("x", b"x" * (ROOM - len(b"Bearer t")))
FEW_BYTES = tuple(("a", b"") for _ in range(HEADERS_LIMIT // FIELD_BYTES))


def ask_gateway(request: Request, door: Door | None = None) -> Reply | Route:
    return run(decide(request, gateway(), door or Door()))


def refused(request: Request) -> tuple[int, str]:
    """Ask both editions, which have to say the same."""
    door, body, client, log = Door(), ScriptedBody(b"hi"), Client(), Log()
    with pytest.raises(InvalidRequest) as raised:
        ask_gateway(request, door)
    run(answer_or_prompt(request, body, pair(), client, log.log))
    assert (client.status, log.log.code) == (raised.value.status, raised.value.code)
    assert (door.asked, body.reads) == ([], 0)
    return raised.value.status, raised.value.code


def test_headers_up_to_the_limit_are_taken() -> None:
    request = Request("GET", "/v1/models", (TOKEN, LARGE))
    assert ask_gateway(request) is Route.API


@pytest.mark.parametrize("more", [(TOKEN, LARGE, ("b", b"")), FEW_BYTES])
def test_more_of_them_are_refused_before_anything_reads_them(
    more: tuple[tuple[str, bytes], ...],
) -> None:
    request = Request("POST", "/openai-proxy", more)
    assert refused(request) == (431, "headers_too_large")


def test_a_target_up_to_the_limit_is_taken() -> None:
    target = "/v1/models?".ljust(TARGET_LIMIT, "x")
    assert ask_gateway(Request("GET", target, (TOKEN,))) is Route.API
    assert refused(Request("GET", target + "x", (TOKEN,))) == (414, "target_too_long")
