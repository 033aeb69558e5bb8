import json

import pytest

from wire.errors import InvalidRequest, error_reply, internal_error, transport_error
from wire.ports import Reply, TransportError


def body(reply: Reply) -> dict[str, object]:
    assert isinstance(reply.body, bytes)
    return dict(json.loads(reply.body))


def test_every_error_has_the_four_members() -> None:
    error = InvalidRequest("Äh?", code="empty_prompt", headers=(("allow", b"GET"),))
    reply = error_reply(error, (("x-should-retry", b"false"),))
    assert reply.status == 400
    assert reply.headers == (
        ("content-type", b"application/json"),
        ("cache-control", b"no-store"),
        ("allow", b"GET"),
        ("x-should-retry", b"false"),
    )
    assert body(reply) == {
        "error": {
            "message": "Äh?",
            "type": "invalid_request_error",
            "param": None,
            "code": "empty_prompt",
        }
    }


def test_half_a_surrogate_pair_is_escaped() -> None:
    reply = error_reply(InvalidRequest("\ud83d?", code="x"))
    assert isinstance(reply.body, bytes)
    assert b"\\ud83d?" in reply.body
    assert json.loads(reply.body)["error"]["message"] == "\ud83d?"


def test_a_defect_of_ours_is_a_500_without_details() -> None:
    assert (internal_error().status, internal_error().type) == (500, "server_error")


@pytest.mark.parametrize(
    ("kind", "status", "code", "says"),
    [
        ("dns-error", 502, "upstream_name_not_resolved", "known address"),
        ("dns-timeout", 504, "upstream_timeout", "looked up"),
        ("connection-refused", 502, "upstream_unreachable", "refused"),
        ("connection-timeout", 504, "upstream_timeout", "accept"),
        ("connection-read-timeout", 504, "upstream_timeout", "answer"),
        ("http-response-timeout", 504, "upstream_timeout", "answer"),
        ("tls-certificate-error", 502, "upstream_tls_error", "certificate"),
        ("tls-protocol-error", 502, "upstream_tls_error", "certificate"),
        ("http-request-denied", 502, "upstream_denied", "allow-list"),
        ("http-protocol-error", 502, "upstream_unreachable", "http-protocol-error"),
    ],
)
def test_says_what_became_of_a_request(
    kind: str, status: int, code: str, says: str
) -> None:
    error = transport_error(TransportError(kind))
    assert (error.status, error.code) == (status, code)
    assert says in error.message
