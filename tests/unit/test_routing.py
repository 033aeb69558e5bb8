import pytest

from http_proxy.routing import Route, allow, match, route_name
from wire.errors import InvalidRequest


@pytest.mark.parametrize(
    ("method", "target", "route"),
    [
        ("POST", "/openai-proxy", Route.OPENAI_PROXY),
        ("POST", "/openai-proxy?model=x&y", Route.OPENAI_PROXY),
        ("OPTIONS", "/openai-proxy", Route.OPENAI_PROXY),
        ("GET", "/health", Route.HEALTH),
        ("HEAD", "/health?verbose", Route.HEALTH),
        ("OPTIONS", "*", Route.ANY),
    ],
)
def test_finds_the_route(method: str, target: str, route: Route) -> None:
    assert match(method, target) is route


@pytest.mark.parametrize(
    "target",
    ["/", "", "/openai-proxy/", "//openai-proxy", "/OPENAI-PROXY", "/health/x", "/%2e"],
)
def test_an_unknown_path_is_404(target: str) -> None:
    with pytest.raises(InvalidRequest) as raised:
        match("POST", target)
    assert (raised.value.status, raised.value.code) == (404, "not_found")


def test_only_options_may_name_the_whole_server() -> None:
    with pytest.raises(InvalidRequest) as raised:
        match("GET", "*")
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
        match(method, target)
    assert (raised.value.status, raised.value.code) == (405, "method_not_allowed")
    assert raised.value.headers == (("allow", allowed),)


def test_allow_names_every_method_of_the_server() -> None:
    assert allow(Route.ANY) == "GET, HEAD, POST, OPTIONS"


def test_the_log_never_gets_the_clients_text() -> None:
    assert route_name("/health?token=1") == "/health"
    assert route_name("/my-secret?x") == "unknown"
