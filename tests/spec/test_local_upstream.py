"""The local upstream's routes and errors are those of OpenAI's OpenAPI document."""

import json
from io import BytesIO

import pytest

from local_upstream.server import build_app
from tests.spec.local_server import send, send_all
from tests.spec.openapi import Json, document, errors, undeclared

PATH = "/v1/responses"
ASKED = {"model": "gpt-4.1", "input": "one two"}
MODELS = {"gpt-4.1": 200, "error-429": 429, "error-500": 500, "unknown": 404}


def _routes() -> set[tuple[str, str]]:
    resources = build_app().router.routes()
    found = ((r.method.lower(), r.resource) for r in resources)
    known = {(method, r.canonical) for method, r in found if r and method != "head"}
    # Gemini's own are another document's: see test_local_gemini.py.
    return {(method, path) for method, path in known if path.startswith("/v1/")}


def test_every_route_is_one_of_the_documents() -> None:
    documented = {
        # The names of the parameters are nobody's business.
        (method, "/".join("{}" if "{" in s else s for s in path.split("/")))
        for path, operations in document()["paths"].items()
        for method in operations
    }
    for method, path in _routes():
        bare = path.removeprefix("/v1").replace("{id}", "{}").replace("{model}", "{}")
        assert (method, bare) in documented


@pytest.mark.parametrize(
    ("expected", "method", "path", "options"),
    [
        (400, "POST", PATH, {"data": b"{"}),
        (400, "POST", PATH, {"data": b"\xff"}),
        (400, "POST", PATH, {"json": []}),
        (400, "POST", PATH, {"json": {"model": "gpt-4.1"}}),
        (400, "POST", "/v1/chat/completions", {"json": {"model": "gpt-4.1"}}),
        (400, "POST", "/v1/audio/translations", {"json": {}}),
        (400, "POST", "/v1/audio/transcriptions", {"data": {"file": BytesIO(b"a")}}),
        (401, "POST", PATH, {"json": ASKED, "headers": {}}),
        (404, "POST", "/v1/nothing", {"json": ASKED}),
        (404, "GET", "/v1/responses/resp_unknown", {}),
        (405, "PUT", PATH, {"json": ASKED}),
        (413, "POST", PATH, {"data": BytesIO(bytes(9 << 20))}),
        *((s, "GET", f"/v1/models/{model}", {}) for model, s in MODELS.items()),
        *(
            (status, "POST", PATH, {"json": {**ASKED, "model": f"error-{status}"}})
            for status in (400, 401, 403, 404, 409, 422, 429, 500, 503)
        ),
    ],
)
def test_an_error_has_the_apis_own_body(
    expected: int, method: str, path: str, options: Json
) -> None:
    status, content_type, body = send(method, path, **options)
    assert (status, content_type) == (expected, "application/json")
    if status != 200:
        assert errors("ErrorResponse", json.loads(body)) == []
        assert undeclared("Error", json.loads(body)["error"]) == []


def test_after_so_many_errors_one_request_is_answered() -> None:
    request = ("POST", PATH, {"json": {**ASKED, "model": "error-503-2"}})
    answered = send_all(*[request] * 6)
    assert [status for status, _, _ in answered] == [503, 503, 200] * 2
