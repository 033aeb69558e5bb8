import json
from dataclasses import replace
from typing import Any

import pytest

from openai_component.openai import OPENAI
from provider.routes import serve
from provider.uploads import KEPT_LIMIT, KeptUpload
from tests.unit.fakes import (
    ENVIRON,
    KEY,
    Broken,
    Client,
    Log,
    Outcome,
    ScriptedBody,
    host,
    response,
    run,
)
from wire.headers import find
from wire.ports import SILENT, Headers, Request, TransportError, UpstreamRequest
from wire.respond import deliver, settle

POST = Request("POST", "/v1/chat/completions", ())


def send(
    request: Request,
    *outcomes: Outcome,
    body: ScriptedBody | None = None,
    environ: dict[str, str] = ENVIRON,
) -> tuple[Client, list[UpstreamRequest], dict[str, Any]]:
    """Forward a request; return what client and upstream saw, and the log's line."""
    open_to_all = {"PROXY_ALLOWED_PATHS": "*", **environ}
    given, upstream, _ = host(*outcomes, environ=open_to_all)
    client, log = Client(), Log()
    answer = serve(request, body or ScriptedBody(), OPENAI, given, log.log)
    run(deliver(run(settle(answer, log.log)), client, log.log))
    return client, upstream.requests, dict(json.loads(log.lines[-1]))


def with_headers(**values: str) -> Headers:
    return tuple((k.replace("_", "-"), v.encode()) for k, v in values.items())


def test_method_path_and_query_go_up_below_the_base_url() -> None:
    request = Request("DELETE", "/v1/responses/r1?a=%20b", ())
    environ = {**ENVIRON, "OPENAI_BASE_URL": "https://gate.example:8443/openai"}
    _, (sent,), _ = send(request, response(200), environ=environ)
    assert (sent.method, sent.scheme) == ("DELETE", "https")
    assert sent.authority == "gate.example:8443"
    assert sent.path_with_query == "/openai/responses/r1?a=%20b"


def test_only_named_headers_go_up_and_the_key_is_ours() -> None:
    request = Request(
        "POST",
        "/v1/embeddings",
        with_headers(
            authorization="Bearer gateway-token",
            api_key="x",
            x_api_key="x",
            cookie="a=b",
            openai_organization="org-evil",
            openai_project="proj-evil",
            x_forwarded_for="1.2.3.4",
            host="gate",
            connection="close",
            x_goog_api_key="x",
            content_type="application/json",
            accept="application/json",
            accept_encoding="gzip, br",
            user_agent="OpenAI/Python",
            openai_beta="assistants=v2",
            idempotency_key="i1",
            x_client_request_id="c1",
            x_stainless_lang="python",
            traceparent="00-1",
            tracestate="t",
        ),
    )
    _, (sent,), _ = send(request, response(200))
    assert dict(sent.headers) == {
        "content-type": b"application/json",
        "accept": b"application/json",
        "user-agent": b"OpenAI/Python",
        "openai-beta": b"assistants=v2",
        "idempotency-key": b"i1",
        "x-client-request-id": b"c1",
        "x-stainless-lang": b"python",
        "traceparent": b"00-1",
        "tracestate": b"t",
        "accept-encoding": b"identity",
        "via": b"1.1 wasm-llm-proxy-d9617135d6fdd0a2",
        "authorization": f"Bearer {KEY}".encode(),
    }


@pytest.mark.parametrize("declared", [{}, {"content_length": "4"}])
def test_an_upload_that_is_still_arriving_is_sent_meanwhile(
    declared: dict[str, str],
) -> None:
    arriving = replace(POST, headers=with_headers(**declared))
    body = ScriptedBody(b"{}", b"{}")
    _, (sent,), _ = send(arriving, response(200), body=body)
    assert isinstance(sent.body, KeptUpload)
    assert sent.body.kept[:2] == b"{}"


def test_a_body_that_is_there_at_once_is_sent_as_it_is() -> None:
    whole = replace(POST, headers=with_headers(content_length="2"))
    body = ScriptedBody(b"{}")
    _, (sent,), _ = send(whole, response(200), body=body)
    assert (sent.body, body.closed) == (b"{}", 1)


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [(SILENT, 408, "request_timeout"), ("unknown", 400, "incomplete_request")],
)
def test_a_client_that_breaks_off_before_anything_came(
    kind: str, status: int, code: str
) -> None:
    body = ScriptedBody(Broken(kind))
    client, sent, line = send(POST, body=body)
    assert (client.status, sent, line["code"]) == (status, [], code)
    assert body.closed == 1


def test_a_client_that_breaks_off_is_not_the_upstreams_failure() -> None:
    failed = TransportError("internal-error")
    client, _, line = send(POST, failed, body=ScriptedBody(b"{", Broken(SILENT)))
    assert (client.status, line["code"]) == (408, "request_timeout")


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE"])
def test_no_body_goes_up_where_none_came(method: str) -> None:
    body = ScriptedBody()
    _, (sent,), _ = send(Request(method, "/v1/models", ()), response(200), body=body)
    assert (sent.body, body.closed) == (b"", 1)


def test_a_delete_may_have_a_body() -> None:
    for declared in ({}, {"content_length": "2"}):
        request = Request("DELETE", "/v1/responses/r", with_headers(**declared))
        _, (sent,), _ = send(request, response(200), body=ScriptedBody(b"{}"))
        sending = sent.body
        assert (sending.kept if isinstance(sending, KeptUpload) else sending) == b"{}"


def test_a_get_with_a_body_has_to_say_its_length() -> None:
    request = Request("GET", "/v1/responses/r", ())
    client, sent, _ = send(request, body=ScriptedBody(b"{}"))
    assert (client.status, sent) == (411, [])
    known = Request("GET", "/v1/responses/r", with_headers(content_length="2"))
    _, sent, _ = send(known, response(200), body=ScriptedBody(b"{}"))
    assert sent[0].body == b"{}"


def test_a_declared_length_of_nothing_is_no_body() -> None:
    request = Request("POST", "/v1/responses", with_headers(content_length="0"))
    _, (sent,), _ = send(request, response(200))
    assert sent.body == b""


def test_retries_and_says_when_they_are_used_up() -> None:
    environ = {**ENVIRON, "PROXY_MAX_RETRIES": "1"}
    client, sent, line = send(POST, response(503), response(503), environ=environ)
    assert (client.status, len(sent), line["retries"]) == (503, 2, 1)
    assert find(client.headers, "x-should-retry") == "false"


@pytest.mark.parametrize(("method", "length"), [("POST", 2), ("POST", 9), ("PUT", 2)])
def test_chunks_that_declare_a_length_go_up_without_it(
    method: str, length: int
) -> None:
    """At once, and that is no retry: nothing was wrong with the upstream."""
    request = Request(method, "/v1/x", with_headers(content_length=str(length)))
    given: list[Outcome] = [TransportError("internal-error"), response(200)]
    client, (first, last), line = send(
        request, *given, body=ScriptedBody(b"1", b"2", b"3")
    )
    assert find(first.headers, "content-length") == str(length)
    assert find(last.headers, "content-length") is None
    assert (client.status, line["retries"]) == (200, 0)


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_a_body_that_was_said_to_be_none_goes_up(method: str) -> None:
    request = Request(method, "/v1/x", with_headers(content_length="0"))
    _, (sent,), _ = send(request, response(200), body=ScriptedBody(b"{}"))
    assert find(sent.headers, "content-length") is None
    assert isinstance(sent.body, KeptUpload)


def test_a_get_with_a_wrong_length_is_refused() -> None:
    request = Request("GET", "/v1/x", with_headers(content_length="1"))
    client, sent, line = send(request, body=ScriptedBody(b"{}"))
    assert (client.status, line["code"], sent) == (411, "length_required", [])


@pytest.mark.parametrize("length", ["9", str(KEPT_LIMIT + 1)])
def test_a_wrong_length_that_cannot_be_left_out_is_the_clients(length: str) -> None:
    request = Request("GET", "/v1/x", with_headers(content_length=length))
    wrong = TransportError("http-request-body-size")
    client, sent, line = send(request, wrong, body=ScriptedBody(b"{}", b"x"))
    assert (client.status, line["code"]) == (400, "incomplete_request")
    assert len(sent) == 1


@pytest.mark.parametrize(("accepted", "status"), [("gzip", 200), ("br", 502)])
def test_an_encoded_reply_is_for_who_can_decode_it(accepted: str, status: int) -> None:
    request = Request("POST", "/v1/x", with_headers(accept_encoding=accepted))
    client, (sent,), _ = send(request, response(200, b"\x1f", content_encoding="gzip"))
    assert client.status == status
    # Asked for is what everybody can read, all the same.
    assert find(sent.headers, "accept-encoding") == "identity"


def test_an_unknown_path_never_reaches_the_upstream() -> None:
    environ = {**ENVIRON, "PROXY_ALLOWED_PATHS": "models"}
    client, sent, line = send(Request("GET", "/v1/files", ()), environ=environ)
    assert (client.status, sent, line["code"]) == (404, [], "path_not_allowed")


def test_a_missing_key_is_never_filled_from_the_client() -> None:
    request = Request("GET", "/v1/models", with_headers(authorization="Bearer sk-own"))
    client, sent, _ = send(request, environ={})
    assert (client.status, sent) == (500, [])


STRINGS = {**ENVIRON, "PROXY_CONTENT_FORMAT": "String"}
PARTS = b'{"messages": [{"content": [{"type": "text", "text": "Hi"}]}]}'


def test_contents_go_up_as_strings_where_that_is_asked_for() -> None:
    declared = Request(
        "POST", "/v1/chat/completions?x", with_headers(content_length="61")
    )
    _, (sent,), _ = send(
        declared, response(200), body=ScriptedBody(PARTS), environ=STRINGS
    )
    assert sent.body == b'{"messages": [{"content": "Hi"}]}'
    assert [v for n, v in sent.headers if n == "content-length"] == [b"33"]


def test_a_body_without_arrays_goes_up_as_it_came() -> None:
    plain = b'{"messages":  [{"content": "Hi"}], "n": 1e2}'
    _, (sent,), _ = send(POST, response(200), body=ScriptedBody(plain), environ=STRINGS)
    assert sent.body == plain


def test_what_is_no_text_is_refused_before_anything_is_sent() -> None:
    image = b'{"messages": [{"content": [{"type": "image_url", "image_url": {}}]}]}'
    client, sent, line = send(POST, body=ScriptedBody(image), environ=STRINGS)
    assert (client.status, sent, line["code"]) == (400, [], "unsupported_content")


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/v1/responses"), ("GET", "/v1/chat/completions")],
)
def test_other_requests_are_not_touched(method: str, path: str) -> None:
    request = Request(method, path, with_headers(content_length=str(len(PARTS))))
    _, (sent,), _ = send(
        request, response(200), body=ScriptedBody(PARTS), environ=STRINGS
    )
    assert sent.body == PARTS
