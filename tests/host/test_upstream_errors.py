"""An upstream that cannot be asked, or says no: status and body of the reply."""

import json
from typing import Any

import pytest
from wasmtime.component import Record, Variant

from tests.host.peers import Broken, Silence
from tests.host.runs import KEY, Run
from tests.host.stage import Provider, Proxy
from tests.host.upstream import JSON, Answer, Failure

ONCE = {"OPENAI_API_KEY": KEY, "PROXY_MAX_RETRIES": "0"}


def record(**fields: object) -> Record:
    made = Record()
    vars(made).update({name.replace("_", "-"): value for name, value in fields.items()})
    return made


CODES = [
    (Variant("DNS-timeout"), 504, "upstream_timeout"),
    (
        Variant("DNS-error", record(rcode="NXDOMAIN", info_code=3)),
        502,
        "upstream_name_not_resolved",
    ),
    (
        Variant("DNS-error", record(rcode=None, info_code=None)),
        502,
        "upstream_name_not_resolved",
    ),
    (Variant("destination-not-found"), 502, "upstream_name_not_resolved"),
    (Variant("destination-unavailable"), 502, "upstream_unreachable"),
    (Variant("connection-refused"), 502, "upstream_unreachable"),
    (Variant("connection-terminated"), 502, "upstream_unreachable"),
    (Variant("connection-timeout"), 504, "upstream_timeout"),
    (Variant("connection-read-timeout"), 504, "upstream_timeout"),
    (Variant("connection-write-timeout"), 504, "upstream_timeout"),
    (Variant("HTTP-response-timeout"), 504, "upstream_timeout"),
    (Variant("TLS-protocol-error"), 502, "upstream_tls_error"),
    (Variant("TLS-certificate-error"), 502, "upstream_tls_error"),
    (
        Variant("TLS-alert-received", record(alert_id=48, alert_message="unknown_ca")),
        502,
        "upstream_tls_error",
    ),
    (Variant("HTTP-request-denied"), 502, "upstream_denied"),
    (Variant("HTTP-request-body-size", 7), 502, "upstream_unreachable"),
    (Variant("HTTP-protocol-error"), 502, "upstream_unreachable"),
    (Variant("HTTP-response-incomplete"), 502, "upstream_unreachable"),
    (Variant("configuration-error"), 502, "upstream_unreachable"),
    (Variant("internal-error", "the host's own words"), 502, "upstream_unreachable"),
    (Variant("internal-error", None), 502, "upstream_unreachable"),
]


def error(run: Run) -> dict[str, Any]:
    """Return the error of a reply that is whole and has the wire's shape."""
    assert run.reply.end == "finished"
    assert run.reply.header("content-type") == b"application/json"
    assert run.reply.header("cache-control") == b"no-store"
    body = json.loads(run.reply.body)
    assert set(body) == {"error"}
    assert set(body["error"]) == {"message", "type", "param", "code"}
    assert KEY not in run.reply.body.decode()
    found: dict[str, Any] = body["error"]
    return found


@pytest.mark.parametrize("at_once", [True, False], ids=["handle", "future"])
@pytest.mark.parametrize(("code", "status", "name"), CODES, ids=lambda v: str(v)[:40])
def test_no_reply_from_the_upstream(
    provider: Provider, code: Variant, status: int, name: str, at_once: bool
) -> None:
    run = provider.stream(Failure(code, at_once=at_once, after=2), environ=ONCE)
    assert run.reply.status == status
    assert error(run)["code"] == name
    assert error(run)["type"] == "server_error"
    assert run.log[0]["cause"] == code.tag.lower()
    assert "words" not in run.reply.body.decode()


def test_a_denied_host_names_the_allow_list(provider: Provider) -> None:
    run = provider.stream(Failure(Variant("HTTP-request-denied"), at_once=True))
    assert "allowedHosts" in error(run)["message"]
    assert len(run.upstream.exchanges) == 1, "a denial was asked again"


@pytest.mark.parametrize("status", [400, 403, 404, 422, 429, 500, 503])
def test_an_error_of_the_upstream_passes_whole(provider: Provider, status: int) -> None:
    body = json.dumps(
        {
            "error": {
                "message": "No.",
                "type": "some_error",
                "param": None,
                "code": "why",
            }
        },
        indent=2,
    ).encode()
    refusal = Answer((body[:9], Silence(1), body[9:]), status, JSON)
    run = provider.stream(refusal, environ=ONCE)
    assert run.reply.status == status
    assert run.reply.body == body
    assert error(run)["code"] == "why"


@pytest.mark.parametrize(
    ("status", "body", "type", "message"),
    [
        (400, b'{"error":"model not found"}', "invalid_request_error", "not found"),
        (422, b'{"detail":"Field required"}', "invalid_request_error", "Field"),
        (502, b"<html>Bad Gateway</html>", "server_error", "502 (Bad Gateway)"),
        (500, b"", "server_error", "500 (Internal Server Error)"),
    ],
)
def test_an_error_in_another_shape_is_given_the_wires(
    provider: Provider, status: int, body: bytes, type: str, message: str
) -> None:
    run = provider.stream(Answer((body,) if body else (), status), environ=ONCE)
    assert run.reply.status == status
    assert error(run)["type"] == type
    assert message in error(run)["message"]


def test_an_error_body_that_breaks_off_is_still_that_error(provider: Provider) -> None:
    run = provider.stream(Answer((b'{"err', Broken()), 400, JSON))
    assert run.reply.status == 400
    assert error(run)["type"] == "invalid_request_error"


def test_an_error_body_that_never_ends_is_not_waited_for(provider: Provider) -> None:
    run = provider.stream(Answer((b"{", Silence(3600), b"}"), 400, JSON))
    assert run.reply.status == 400
    assert run.clock.seconds <= 10


def test_a_huge_error_body_is_not_read_whole(provider: Provider) -> None:
    run = provider.stream(Answer((b"x" * 16_384,) * 100, 400, JSON))
    assert run.upstream.only.answer.bytes_read <= 5 * 16_384
    assert error(run)["type"] == "invalid_request_error"


def test_a_key_in_an_error_of_the_upstream_is_taken_out(provider: Provider) -> None:
    said = {"message": f"Bad key {KEY}", "type": "t", "param": None, "code": None}
    body = json.dumps({"error": said}).encode()
    run = provider.stream(Answer((body,), 403, JSON))
    assert error(run)["message"] == "Bad key [redacted]"


def test_a_refused_key_is_an_error_of_the_proxys_own(provider: Provider) -> None:
    said = {"message": f"Bad {KEY[:5]}***", "type": "t", "param": None, "code": "c"}
    run = provider.stream(Answer((json.dumps({"error": said}).encode(),), 401, JSON))
    assert (run.reply.status, error(run)["code"]) == (401, "upstream_key_refused")
    assert KEY[:5].encode() not in run.reply.body


def test_a_redirect_is_no_reply(provider: Provider) -> None:
    run = provider.stream(Answer((), 307, [("location", b"https://elsewhere/")]))
    assert (run.reply.status, error(run)["code"]) == (502, "upstream_status")
    assert run.reply.header("location") is None


def test_an_encoded_stream_is_no_reply(provider: Provider) -> None:
    encoded = [("content-encoding", b"gzip")]
    run = provider.stream(Answer((b"\x1f\x8b",), headers=encoded))
    assert (run.reply.status, error(run)["code"]) == (502, "upstream_encoding")


@pytest.mark.parametrize(
    ("environ", "code", "named"),
    [
        ({}, "missing_api_key", "OPENAI_API_KEY"),
        ({"OPENAI_API_KEY": " \n"}, "missing_api_key", "OPENAI_API_KEY"),
        ({"OPENAI_API_KEY": "a\nb"}, "invalid_api_key_setting", "OPENAI_API_KEY"),
        (
            {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": "http://far.example"},
            "invalid_base_url",
            "OPENAI_BASE_URL",
        ),
        (
            {"OPENAI_API_KEY": KEY, "PROXY_MAX_RETRIES": "many"},
            "invalid_setting",
            "PROXY_MAX_RETRIES",
        ),
        ({"OPENAI_API_KEY": KEY, "LOG_LEVEL": "x"}, "invalid_setting", "LOG_LEVEL"),
    ],
)
def test_a_wrong_setting_is_named(
    provider: Provider, environ: dict[str, str], code: str, named: str
) -> None:
    run = provider.stream(environ=environ)
    assert run.reply.status == 500
    assert error(run)["code"] == code
    assert named in error(run)["message"]
    assert run.upstream.exchanges == []


def test_an_error_reaches_the_client_through_the_router(pair: Proxy) -> None:
    run = pair.handle(Failure(Variant("connection-refused")), environ=ONCE)
    assert (run.reply.status, error(run)["code"]) == (502, "upstream_unreachable")
