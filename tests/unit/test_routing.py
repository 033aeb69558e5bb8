import pytest

from http_proxy.routing import PROMPT_PATH, Route, allow, gateway, pair, prompt_path
from wire.errors import InvalidRequest


@pytest.mark.parametrize(
    ("method", "target", "route"),
    [
        ("POST", "/openai-proxy", Route.PROMPT),
        ("POST", "/openai-proxy?model=x&y", Route.PROMPT),
        ("OPTIONS", "/openai-proxy", Route.PROMPT),
        ("GET", "/health", Route.HEALTH),
        ("HEAD", "/health?verbose", Route.HEALTH),
        ("OPTIONS", "*", Route.ANY),
    ],
)
def test_finds_the_route(method: str, target: str, route: Route) -> None:
    assert pair().match(method, target) is route


@pytest.mark.parametrize(
    "target",
    ["/", "", "/openai-proxy/", "//openai-proxy", "/OPENAI-PROXY", "/health/x", "/%2e"],
)
def test_an_unknown_path_is_404(target: str) -> None:
    with pytest.raises(InvalidRequest) as raised:
        pair().match("POST", target)
    assert (raised.value.status, raised.value.code) == (404, "not_found")


def test_only_options_may_name_the_whole_server() -> None:
    with pytest.raises(InvalidRequest) as raised:
        pair().match("GET", "*")
    assert raised.value.status == 404


@pytest.mark.parametrize(
    ("method", "target", "allowed"),
    [
        ("GET", "/openai-proxy", b"POST, OPTIONS"),
        ("HEAD", "/openai-proxy", b"POST, OPTIONS"),
        ("POST", "/health", b"GET, HEAD, OPTIONS"),
        ("BREW", "/health", b"GET, HEAD, OPTIONS"),
        ("get", "/health", b"GET, HEAD, OPTIONS"),
    ],
)
def test_another_method_is_405(method: str, target: str, allowed: bytes) -> None:
    with pytest.raises(InvalidRequest) as raised:
        pair().match(method, target)
    assert (raised.value.status, raised.value.code) == (405, "method_not_allowed")
    assert raised.value.headers == (("allow", allowed),)


def test_allow_names_every_method_of_the_server() -> None:
    assert allow(Route.ANY) == "GET, HEAD, POST, OPTIONS"


def test_the_log_never_gets_the_clients_text() -> None:
    assert pair().name("/health?token=1") == "/health"
    assert pair().name("/my-secret?x") == "unknown"


@pytest.mark.parametrize(
    ("method", "target", "route"),
    [
        ("POST", "/chat", Route.CHAT),
        ("GET", "/health/ready?x", Route.READY),
        ("DELETE", "/v1/responses/r", Route.API),
        ("GET", "/v1/", Route.API),
        ("POST", PROMPT_PATH, Route.PROMPT),
    ],
)
def test_the_gateway_has_more_routes(method: str, target: str, route: Route) -> None:
    assert gateway().match(method, target) is route


@pytest.mark.parametrize("target", ["/chat", "/health/ready", "/v1/models"])
def test_the_pair_has_them_not(target: str) -> None:
    with pytest.raises(InvalidRequest) as raised:
        pair().match("POST", target)
    assert raised.value.status == 404


def test_the_composition_says_where_prompts_are_taken() -> None:
    assert prompt_path({}) == PROMPT_PATH == "/openai-proxy"
    routes = pair(prompt_path({"PROMPT_PATH": "/gemini-proxy"}))
    assert routes.match("POST", "/gemini-proxy") is Route.PROMPT
    with pytest.raises(InvalidRequest, match="Use POST /gemini-proxy or GET /health"):
        routes.match("POST", PROMPT_PATH)


def test_a_wrong_method_is_told_by_its_path() -> None:
    with pytest.raises(InvalidRequest, match=r"^/chat does not take .* POST, OPTIONS"):
        gateway().match("GET", "/chat")
