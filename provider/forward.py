"""The API's own routes: a request goes up and its reply comes down, untouched."""

from provider.content import as_strings
from provider.exchange import exchange
from provider.json_requests import read_json
from provider.requests import client_headers
from provider.settings.settings import Settings
from provider.uploads import KEPT_LIMIT, KeptUpload
from wire import headers
from wire.errors import InvalidRequest
from wire.ports import Body, Headers, Host, Reply, Request, Upload
from wire.request_log import RequestLog

BODILESS = frozenset({"GET", "HEAD", "DELETE"})
"""Methods whose requests seldom have a body: it is looked for before it is sent."""

CHAT = "/chat/completions"
"""The path whose messages have contents."""


async def forward(
    request: Request,
    path: str,
    body: Body,
    settings: Settings,
    host: Host,
    log: RequestLog,
) -> Reply:
    """Send a client's request to `path` of the upstream and return what it answers.

    Raises `ProxyError`.
    """
    passed = client_headers(request.headers)
    upload: bytes | Body | Upload
    if _is_rewritten(request.method, path, settings):
        passed, upload = await _rewrite(passed, body)
    else:
        upload = await _upload(request, body)
        if isinstance(upload, KeptUpload) and upload.is_misdeclared:
            passed = headers.without(passed, "content-length")
    sent = settings.api.request(
        request.method, path, passed, upload, settings.conduct.timeouts
    )
    return await exchange(sent, settings, host, log, asked=request.headers)


def _is_rewritten(method: str, path: str, settings: Settings) -> bool:
    wants_strings = settings.conduct.content_format == "String"
    return wants_strings and method == "POST" and path.partition("?")[0] == CHAT


async def _rewrite(passed: Headers, body: Body) -> tuple[Headers, bytes]:
    """Make message contents strings; a body without arrays goes up as it came."""
    rewritten = as_strings(await read_json(passed, body))
    length = ("content-length", str(len(rewritten)).encode())
    return (*headers.without(passed, "content-length"), length), rewritten


async def _upload(request: Request, body: Body) -> bytes | Body | Upload:
    """Hand a large body on as it is; keep a small one for another attempt."""
    length = headers.declared_length(request.headers)
    if length is not None and length > KEPT_LIMIT:
        return body
    upload = KeptUpload(body, length)
    may_be_empty = length == 0 or request.method in BODILESS
    if may_be_empty and await upload.is_empty():
        upload.close()
        return b""
    if (length is None or upload.is_misdeclared) and request.method in ("GET", "HEAD"):
        # Hosts send such a body only if its length is known, and lose it otherwise.
        raise InvalidRequest(
            f"A {request.method} with a body has to say content-length.",
            status=411,
            code="length_required",
        )
    return upload
