"""Every error a client can get, in the wire's own shape.

    ProxyError                      status, type, code, param
    |-- InvalidRequest              4xx: the client can mend it
    |-- ConfigurationError          500: the operator can mend it
    +-- UpstreamError               502 or 504: no usable reply came back

The body is `{"error": {"message", "type", "param", "code"}}`, with all four members.
See: https://platform.openai.com/docs/guides/error-codes
"""

import json

from wire.ports import SILENT, Headers, Reply, TransportError


class ProxyError(Exception):
    """An error that has a status and says what happened and what to do.

    A message never holds a key, a prompt, or text that came over the network.
    """

    status = 500
    type = "server_error"

    def __init__(
        self,
        message: str,
        *,
        code: str,
        status: int | None = None,
        param: str | None = None,
        headers: Headers = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.param = param
        self.headers = headers
        if status is not None:
            self.status = status


class InvalidRequest(ProxyError):
    """The request cannot be served as it is."""

    status = 400
    type = "invalid_request_error"


class ConfigurationError(ProxyError):
    """A setting is missing or makes no sense; the message names its variable."""


class UpstreamError(ProxyError):
    """The upstream could not be asked, or answered with something unusable."""

    status = 502


def error_body(
    message: str, *, type: str, code: str | None, param: str | None
) -> bytes:
    """Encode one error object as JSON, in UTF-8."""
    error = {"message": message, "type": type, "param": param, "code": code}
    text = json.dumps({"error": error}, ensure_ascii=False)
    # Half a surrogate pair, which JSON can hold and UTF-8 cannot, becomes its escape.
    return text.encode(errors="backslashreplace")


def json_reply(status: int, body: bytes, headers: Headers = ()) -> Reply:
    """Build a whole JSON reply that no cache may keep.

    It has no content-length: hosts close a stream that has reached its length, and
    that could not be told from a client that has gone.
    """
    return Reply(
        status,
        (
            ("content-type", b"application/json"),
            ("cache-control", b"no-store"),
            *headers,
        ),
        body,
    )


def error_reply(error: ProxyError, headers: Headers = ()) -> Reply:
    """Build the reply that tells a client of `error`."""
    body = error_body(
        error.message, type=error.type, code=error.code, param=error.param
    )
    return json_reply(error.status, body, (*error.headers, *headers))


def incomplete(kind: str, what: str, *, code: str) -> InvalidRequest:
    """Say that a client's `what` has no end: it broke off, or came too slowly.

    `kind` is that of the `BodyBroken` that told so.

    See: https://www.rfc-editor.org/rfc/rfc9110#status.408
    """
    if kind == SILENT:
        return InvalidRequest(
            f"The {what} stopped for too long, or came too slowly; send it again, "
            "without pauses.",
            status=408,
            code="request_timeout",
        )
    return InvalidRequest(
        f"The {what} broke off before its end; send it again.", code=code
    )


def internal_error() -> ProxyError:
    """Return what a client is told of a defect of ours: nothing from inside."""
    return ProxyError(
        "The proxy failed on this request. The log line with this request's id "
        "names the place; please report it.",
        code="internal_error",
    )


_CHECK = "check the base URL and the network"
_TIMEOUTS = {
    "connection-timeout": "did not accept a connection",
    "connection-read-timeout": "did not answer",
    "connection-write-timeout": "did not take the request",
    "http-response-timeout": "did not answer",
    "dns-timeout": "could not be looked up",
}
_FAILURES = {
    "dns-error": ("upstream_name_not_resolved", f"has no known address; {_CHECK}"),
    "destination-not-found": ("upstream_name_not_resolved", f"was not found; {_CHECK}"),
    "connection-refused": ("upstream_unreachable", f"refused the connection; {_CHECK}"),
    "http-request-denied": (
        "upstream_denied",
        "is not on this host's allow-list of outgoing hosts; "
        "add its name there (allowedHosts on wasmCloud)",
    ),
}


def transport_error(error: TransportError) -> UpstreamError:
    """Say what became of a request that got no reply.

    Cases of: https://github.com/WebAssembly/wasi-http/blob/main/wit/types.wit
    """
    kind = error.kind
    if kind in _TIMEOUTS:
        message = f"The upstream {_TIMEOUTS[kind]} in time; try again."
        return UpstreamError(message, status=504, code="upstream_timeout")
    if kind.startswith("tls-"):
        message = (
            f"No trusted TLS connection to the upstream ({kind}): its certificate must "
            "be valid for its name and come from an authority that this host knows."
        )
        return UpstreamError(message, code="upstream_tls_error")
    code, what = _FAILURES.get(kind, ("upstream_unreachable", f"failed; {_CHECK}"))
    return UpstreamError(f"The upstream {what} ({kind}).", code=code)
