import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provider.allow_list import METHODS
from provider.paths import upstream_path
from tests.unit.fakes import settings
from wire.errors import InvalidRequest

EVERY_METHOD = settings(
    PROXY_ALLOWED_PATHS="responses responses/* chat/completions completions embeddings "
    "models models/* moderations audio/* images/*"
).conduct.allowed_paths


def refusal(target: str, method: str = "GET", listed: str = "*") -> InvalidRequest:
    allowed = settings(PROXY_ALLOWED_PATHS=listed).conduct.allowed_paths
    with pytest.raises(InvalidRequest) as raised:
        upstream_path(method, target, allowed)
    return raised.value


@pytest.mark.parametrize(
    "target",
    [
        "/v1/responses",
        "/v1/responses/resp_1",
        "/v1/responses/resp_1/input_items?limit=2&after=%2e%2e/x",
        "/v1/responses?include[]=a&x=%zz",
        "/v1/chat/completions",
        "/v1/completions",
        "/v1/embeddings",
        "/v1/models",
        "/v1/models/ft%3Agpt-4o:acme::id",
        "/v1/models/a...b",
        "/v1/moderations",
        "/v1/audio/transcriptions",
        "/v1/images/generations",
    ],
)
def test_passes_path_and_query_as_they_came(target: str) -> None:
    assert upstream_path("GET", target, EVERY_METHOD) == target.removeprefix("/v1")


@pytest.mark.parametrize(
    "target",
    [
        "/v1/files",
        "/v1/fine_tuning/jobs",
        "/v1/organization/admin_api_keys",
        "/v1/chat",
        "/v1/chat/completions/chatcmpl-1",
        "/v1/responsesx",
        "/v1/",
        "/v1",
        "/v1/responses/",
        "/v1/models/..",
        "/v1/models/../files",
        "/v1/models/./x",
        "/v1/models//x",
        "/v1//models",
        "/v1/models/%2e%2e/files",
        "/v1/models/%2E%2E/files",
        "/v1/models/.%2e/files",
        "/v1/models/..%2ffiles",
        "/v1/models/x%2F..%2F..%2Ffiles",
        "/v1/models/%252e%252e/files",
        "/v1/models/x%5c..",
        "/v1/models/..\\files",
        "/v1/models/x%00",
        "/v1/models/x%0d%0ahost:evil",
        "/v1/models/x%7f",
        "/v1/models/..;/files",
        "/v1/models/..;x=1/files",
        "/v1/models/%c0%ae%c0%ae/files",
        "/v1/models/%ff",
        "/v1/models/\u00e9",
        "/v1/models/a b",
        "/v1/Models",
        "/V1/models",
        "/v1/audio",
        "/v1/audio/",
        "http://evil.example/v1/models",
        "//v1/models",
        "/v2/models",
        "*",
    ],
)
def test_refuses_all_else(target: str) -> None:
    with pytest.raises(InvalidRequest) as raised:
        upstream_path("GET", target, EVERY_METHOD)
    assert (raised.value.status, raised.value.code) == (404, "path_not_allowed")


@given(st.text(alphabet="/.%25ef2f3bu0;Fmodels\\", max_size=40))
def test_nothing_leaves_what_is_allowed(rest: str) -> None:
    """No decoding, however often, makes an allowed path another one."""
    try:
        path = upstream_path("GET", f"/v1/models/{rest}", EVERY_METHOD)
    except InvalidRequest:
        return
    assert ".." not in path.split("/")
    assert "//" not in path
    codes = ("%2e", "%2f", "%5c", "%25", "%3b", "%23", "%u")
    assert not any(code in path.lower() for code in codes)
    assert not any(re.match(r"\.*(;|$)", part) for part in path.split("/")[1:])


AMBIGUOUS = {
    "a parameter": [
        "..;/files",
        "..;x=1/files",
        ";x",
        "..%20;x/files",
        "x%3by",
        "..%3b/files",
        "..%3B",
    ],
    "a fragment": ["..%23/files", "x%23", "x#y"],
    "a query": ["..%3f/files", "x%3Fkey=y"],
    "another escape": ["%u002e%u002e/files", "%u002F", "x%", "x%2", "x%zz", "%%32e"],
    "escaped twice": ["%252e%252e/files", "x%25"],
    "overlong": ["%c0%ae%c0%ae/files", "%e0%80%ae/x", "%ff"],
    "full width": [
        "%ef%bc%8e%ef%bc%8e/files",
        "x%ef%bc%8fy",
        "x%ef%bc%9by",
        "%ef%bc%a1",
    ],
    "like dots": [
        "%e2%80%a5/files",
        "%e2%80%a4%e2%80%a4/files",
        "%e3%80%82",
        "%ef%b9%92",
    ],
    "like a slash": [
        "x%e2%81%84y",
        "x%e2%88%95y",
        "x%e2%88%96y",
        "%c2%bd",
        "%e2%84%80",
    ],
    "dots and blanks": ["..%20/files", "%20../files", ".../files", "%20"],
    "a blank": ["x%c2%a0", "x%e2%80%8b", "x%e3%80%80", "x%09"],
    "a backslash": ["x%5c..", "..\\files"],
    "a control": ["x%00", "x%1f", "x%7f", "x%c2%85"],
}


@pytest.mark.parametrize(
    "rest", [rest for rests in AMBIGUOUS.values() for rest in rests]
)
def test_refuses_what_two_readers_could_understand_differently(rest: str) -> None:
    """Also if the operator allows everything."""
    assert refusal(f"/v1/models/{rest}").code == "path_not_allowed"


@pytest.mark.parametrize(
    "rest",
    ["a%20name%20with%20blanks", "Mod%c3%a8le", "%E6%A8%A1%E5%9E%8B-2", "a@b+c=d;e"],
)
def test_passes_names_that_have_one_reading(rest: str) -> None:
    target = f"/v1/models/{rest}"
    assert upstream_path("GET", target, EVERY_METHOD) == f"/models/{rest}"


def test_the_operator_chooses() -> None:
    allowed = settings(PROXY_ALLOWED_PATHS="files, batches/*").conduct.allowed_paths
    assert upstream_path("DELETE", "/v1/files", allowed) == "/files"
    assert upstream_path("PATCH", "/v1/batches/b_1", allowed) == "/batches/b_1"
    with pytest.raises(InvalidRequest):
        upstream_path("GET", "/v1/responses", allowed)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("target", ["/v1/files", "/v1/x/y/z", "/v1/chat/completions/c"])
def test_a_star_allows_everything(method: str, target: str) -> None:
    allowed = settings(PROXY_ALLOWED_PATHS="*").conduct.allowed_paths
    assert upstream_path(method, target, allowed) == target.removeprefix("/v1")


@pytest.mark.parametrize(
    ("listed", "method", "allow"),
    [
        ("GET models/*", "DELETE", "GET, HEAD, OPTIONS"),
        ("POST models/*", "GET", "POST, OPTIONS"),
        ("HEAD models/x", "GET", "HEAD, OPTIONS"),
        ("DELETE models/*, POST models/x", "GET", "POST, DELETE, OPTIONS"),
        ("GET *", "POST", "GET, HEAD, OPTIONS"),
    ],
)
def test_a_method_that_is_not_allowed(listed: str, method: str, allow: str) -> None:
    error = refusal("/v1/models/x", method, listed)
    assert (error.status, error.code) == (405, "method_not_allowed")
    assert dict(error.headers) == {"allow": allow.encode()}
    assert allow in error.message and "PROXY_ALLOWED_PATHS" in error.message


def test_who_may_get_may_ask_for_the_head() -> None:
    allowed = settings(PROXY_ALLOWED_PATHS="GET models").conduct.allowed_paths
    assert upstream_path("HEAD", "/v1/models", allowed) == "/models"


@pytest.mark.parametrize("slash", ["/", "%2F", "%2f"])
def test_a_model_may_have_slashes_which_clients_encode(slash: str) -> None:
    target = f"/v1/models/meta-llama{slash}Llama-3.1?x=%2F"
    path = upstream_path("GET", target, EVERY_METHOD)
    assert path == "/models/meta-llama/Llama-3.1?x=%2F"
