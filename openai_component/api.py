"""The API's own routes: a request goes up and its reply comes down, untouched."""

from openai_component.exchange import exchange
from openai_component.paths import upstream_path
from openai_component.requests import credentials
from openai_component.settings import Settings, read_settings
from wire import headers
from wire.errors import InvalidRequest
from wire.ports import Body, Headers, Host, Reply, Request, Upload, UpstreamRequest
from wire.request_log import RequestLog
from wire.settings import read_allowed_paths, read_log_level
from wire.uploads import KEPT_LIMIT, KeptUpload

BODILESS = frozenset({"GET", "HEAD", "DELETE"})
"""Methods whose requests seldom have a body: it is looked for before it is sent."""


async def forward(request: Request, body: Body, host: Host, log: RequestLog) -> Reply:
    """Send a client's request to the upstream and return what it answers.

    Raises `ProxyError`.
    """
    settings = read_settings(host.environ)
    log.level = read_log_level(host.environ)
    allowed = read_allowed_paths(host.environ)
    path = upstream_path(request.target, allowed)
    upload = await _upload(request, body)
    return await exchange(_build(request, path, upload, settings), settings, host, log)


def _build(
    request: Request, path: str, upload: bytes | Body | Upload, settings: Settings
) -> UpstreamRequest:
    return UpstreamRequest(
        method=request.method,
        scheme=settings.base_url.scheme,
        authority=settings.base_url.authority,
        path_with_query=settings.base_url.path + path,
        headers=_headers(request.headers, settings),
        body=upload,
        timeouts=settings.timeouts,
    )


def _headers(client: Headers, settings: Settings) -> Headers:
    passed = headers.without(headers.sent_up(client), "accept-encoding")
    return (*passed, ("accept-encoding", b"identity"), *credentials(settings))


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
