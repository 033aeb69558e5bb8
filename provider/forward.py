"""The API's own routes: a request goes up and its reply comes down, untouched."""

from provider.exchange import exchange
from provider.paths import upstream_path
from provider.settings.settings import Settings
from provider.uploads import KEPT_LIMIT, KeptUpload
from wire import headers
from wire.errors import InvalidRequest
from wire.ports import Body, Headers, Host, Reply, Request, Upload
from wire.request_log import RequestLog

BODILESS = frozenset({"GET", "HEAD", "DELETE"})
"""Methods whose requests seldom have a body: it is looked for before it is sent."""


async def forward(
    request: Request, body: Body, settings: Settings, host: Host, log: RequestLog
) -> Reply:
    """Send a client's request to the upstream and return what it answers.

    Raises `ProxyError`.
    """
    path = upstream_path(request.target, settings.conduct.allowed_paths)
    sent = settings.api.request(
        request.method,
        path,
        _headers(request.headers),
        await _upload(request, body),
        settings.conduct.timeouts,
    )
    return await exchange(sent, settings, host, log)


def _headers(client: Headers) -> Headers:
    passed = headers.without(headers.sent_up(client), "accept-encoding")
    return (*passed, headers.IDENTITY)


async def _upload(request: Request, body: Body) -> bytes | Body | Upload:
    """Hand a large body on as it is; keep a small one for another attempt."""
    declared = headers.find(request.headers, "content-length") or ""
    length = int(declared) if declared.isdecimal() else None
    if length is not None and length > KEPT_LIMIT:
        return body
    upload = KeptUpload(body, length)
    if length == 0 or (request.method in BODILESS and await upload.is_empty()):
        upload.close()
        return b""
    if length is None and request.method in ("GET", "HEAD"):
        # Hosts send such a body only if its length is known, and lose it otherwise.
        raise InvalidRequest(
            f"A {request.method} with a body has to say content-length.",
            status=411,
            code="length_required",
        )
    return upload
