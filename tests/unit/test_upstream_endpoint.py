import pytest

from tests.unit.fakes import settings


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/models", "/v1/models?api-version=2024-10-21"),
        ("/models?", "/v1/models?api-version=2024-10-21"),
        ("/models?a=1&b", "/v1/models?a=1&b&api-version=2024-10-21"),
        ("/models?api%2Dversion=1&a=1", "/v1/models?a=1&api-version=2024-10-21"),
        ("/models?api-version=1&a=1", "/v1/models?a=1&api-version=2024-10-21"),
    ],
)
def test_the_api_version_is_the_operators(path: str, sent: str) -> None:
    read = settings(PROXY_API_VERSION="2024-10-21")
    request = read.api.request("GET", path, (), b"", read.conduct.timeouts)
    assert request.path_with_query == sent


def test_without_a_version_the_query_stays_as_it_is() -> None:
    read = settings()
    request = read.api.request("GET", "/models?", (), b"", read.conduct.timeouts)
    assert request.path_with_query == "/v1/models?"
