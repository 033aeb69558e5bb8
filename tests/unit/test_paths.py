import pytest
from hypothesis import given
from hypothesis import strategies as st

from provider.paths import upstream_path
from tests.unit.fakes import settings
from wire.errors import InvalidRequest

ALLOWED = settings().conduct.allowed_paths


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
    assert upstream_path(target, ALLOWED) == target.removeprefix("/v1")


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
        upstream_path(target, ALLOWED)
    assert (raised.value.status, raised.value.code) == (404, "path_not_allowed")


@given(st.text(alphabet="/.%25ef2fFmodels\\", max_size=40))
def test_nothing_leaves_what_is_allowed(rest: str) -> None:
    """No decoding, however often, makes an allowed path another one."""
    try:
        path = upstream_path(f"/v1/models/{rest}", ALLOWED)
    except InvalidRequest:
        return
    assert ".." not in path.split("/")
    assert "//" not in path
    assert not any(code in path.lower() for code in ("%2e", "%2f", "%5c", "%25"))


def test_the_operator_chooses() -> None:
    allowed = settings(PROXY_ALLOWED_PATHS="files, batches/*").conduct.allowed_paths
    assert upstream_path("/v1/files", allowed) == "/files"
    assert upstream_path("/v1/batches/b_1", allowed) == "/batches/b_1"
    with pytest.raises(InvalidRequest):
        upstream_path("/v1/responses", allowed)


@pytest.mark.parametrize(
    ("target", "sent"),
    [
        ("/v1/models?key=AIza", "/models?"),
        ("/v1/models?a=1&key=AIza&b=", "/models?a=1&b="),
        ("/v1/models?%6Bey=AIza", "/models?"),
        ("/v1/models?API_KEY=x&access_token=y&apikey=z&api-key=w", "/models?"),
        ("/v1/models?keys=1&a=key=2", "/models?keys=1&a=key=2"),
        ("/v1/models?", "/models?"),
    ],
)
def test_a_key_of_the_clients_does_not_go_up_in_the_query(
    target: str, sent: str
) -> None:
    assert upstream_path(target, ALLOWED) == sent


@pytest.mark.parametrize("slash", ["/", "%2F", "%2f"])
def test_a_model_may_have_slashes_which_clients_encode(slash: str) -> None:
    target = f"/v1/models/meta-llama{slash}Llama-3.1?x=%2F"
    assert upstream_path(target, ALLOWED) == "/models/meta-llama/Llama-3.1?x=%2F"
