"""The router knows no provider: where prompts are taken was plugged into it."""

import pytest

from tests.e2e import replies
from tests.e2e.client import TEXT, ask, error_of, send
from tests.e2e.conftest import StartProxy
from tests.e2e.marked import PROMPT
from tests.e2e.proxy import ROUTE as OPENAI_ROUTE
from tests.e2e.proxy import Proxy
from tests.e2e.upstream import Upstream
from tests.gemini.editions import PAIR, ROUTE, only
from tests.gemini.google import FRAMES


@pytest.mark.parametrize("target", [OPENAI_ROUTE, "/", f"{ROUTE}/", "/Gemini-Proxy"])
def test_any_other_path_is_told_of_this_one(proxy: Proxy, target: str) -> None:
    response = send(proxy, "POST", target, content=PROMPT, headers=TEXT)
    error = error_of(response)
    assert (response.status_code, error["code"]) == (404, "not_found")
    assert f"POST {ROUTE} or " in error["message"]
    assert OPENAI_ROUTE not in error["message"]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_it_takes_prompts_alone(proxy: Proxy, method: str) -> None:
    response = send(proxy, method, ROUTE)
    error = error_of(response)
    assert (response.status_code, error["code"]) == (405, "method_not_allowed")
    assert response.headers["allow"] == "POST, OPTIONS"
    assert ROUTE in error["message"]


def test_its_methods_can_be_asked_for(proxy: Proxy) -> None:
    response = send(proxy, "OPTIONS", ROUTE)
    assert (response.status_code, response.headers["allow"]) == (204, "POST, OPTIONS")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_health(proxy: Proxy, method: str) -> None:
    response = send(proxy, method, "/health")
    assert response.status_code == 200
    assert response.text == ('{"status":"healthy"}' if method == "GET" else "")


@pytest.mark.parametrize("target", ["/v1/models", "/health/ready", "/chat"])
@only(PAIR)
def test_the_pair_has_no_other_route(proxy: Proxy, target: str) -> None:
    assert send(proxy, "GET", target).status_code == 404


def test_nobody_can_move_it_from_outside(
    start_proxy: StartProxy, upstream: Upstream
) -> None:
    """PROMPT_PATH is the composition's: the host's own is out of the router's sight."""
    upstream.play(replies.stream(FRAMES))
    proxy = start_proxy(PROMPT_PATH="/elsewhere")
    assert ask(proxy).status_code == 200
    assert send(proxy, "POST", "/elsewhere", content=PROMPT).status_code == 404


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b"", TEXT, 400, "empty_prompt"),
        (b"\xff", TEXT, 400, "invalid_utf8"),
        (b"{}", {"content-type": "application/json"}, 415, "unsupported_media_type"),
        (b"x" * 1_048_577, TEXT, 413, "prompt_too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_prompt_is_not_asked(
    proxy: Proxy, body: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    response = ask(proxy, body, headers)
    assert (response.status_code, error_of(response)["code"]) == (status, code)
