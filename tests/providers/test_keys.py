"""A key that is wrong, and one that is missing, with the settings of each provider."""

from collections.abc import Iterator

import pytest

from scripts.check_logs import KEY_MARK
from tests.e2e.client import error_of
from tests.providers.dialect import KEY
from tests.providers.matrix import ROWS
from tests.providers.station import PROMPT, Station, starting

KEYED = [row for row in ROWS if row.refusal]
ASKED = {"model": "any", "messages": [{"role": "user", "content": PROMPT}]}
REQUESTS = {
    "a prompt": ("POST", "/openai-proxy", {"content": PROMPT}),
    "a chat": ("POST", "/v1/chat/completions", {"json": ASKED}),
    "plain JSON": ("POST", "/chat", {"json": {"prompt": PROMPT}}),
    "models": ("GET", "/v1/models", {}),
}
requests = pytest.mark.parametrize(
    ("method", "target", "parts"), REQUESTS.values(), ids=REQUESTS.keys()
)


@pytest.fixture(scope="module", params=KEYED, ids=lambda row: row.name)
def mistaken(request: pytest.FixtureRequest) -> Iterator[Station]:
    with starting(request.param, KEY + "x", "-wrong-key") as station:
        yield station


@pytest.fixture(scope="module", params=KEYED, ids=lambda row: row.name)
def keyless(request: pytest.FixtureRequest) -> Iterator[Station]:
    with starting(request.param, None, "-no-key") as station:
        yield station


@requests
def test_a_wrong_key_is_the_providers_to_refuse(
    mistaken: Station, method: str, target: str, parts: dict[str, object]
) -> None:
    reply = mistaken.ask(method, target, **parts)
    assert reply.status_code == mistaken.row.refusal
    error = error_of(reply)
    if reply.status_code == 401:
        assert error["code"] == "upstream_key_refused"
    else:
        assert error["message"] == mistaken.provider.dialect.wrong_key.message
    assert KEY_MARK not in reply.text + str(reply.headers)


def test_with_a_wrong_key_it_is_not_ready(mistaken: Station) -> None:
    reply = mistaken.ask("GET", "/health/ready")
    health = reply.json()
    assert (reply.status_code, health["status"]) == (503, "unhealthy")
    assert f"(status {mistaken.row.refusal})" in health["reason"]
    assert "key" in health["reason"] and KEY_MARK not in reply.text
    assert mistaken.ask("GET", "/health").json() == {"status": "healthy"}


@requests
def test_a_missing_key_is_named_by_its_variable(
    keyless: Station, method: str, target: str, parts: dict[str, object]
) -> None:
    reply = keyless.ask(method, target, **parts)
    error = error_of(reply)
    assert (reply.status_code, error["code"]) == (500, "missing_api_key")
    assert f"set {keyless.settings['api_key_env']} in" in error["message"]
    assert keyless.provider.records == []


def test_without_a_key_it_is_not_ready(keyless: Station) -> None:
    reply = keyless.ask("GET", "/health/ready")
    assert reply.status_code == 503
    assert keyless.settings["api_key_env"] in reply.json()["reason"]
    assert keyless.ask("GET", "/health").status_code == 200
    assert keyless.provider.records == []
