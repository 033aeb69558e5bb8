"""The API's own routes: a request goes up and its reply comes down, untouched."""

from provider.content import as_strings
from provider.exchange import exchange
from provider.json_requests import read_json
from provider.requests import client_headers
from provider.settings.settings import Settings
from provider.uploads import KeptUpload
from wire import headers
from wire.errors import InvalidRequest, incomplete
from wire.ports import Body, BodyBroken, Clock, Headers, Host, Reply, Request, Upload
from wire.request_log import RequestLog

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
    upload: bytes | Upload
    if _is_rewritten(request.method, path, settings):
        passed, upload = await _rewrite(passed, body, host.clock)
    else:
        upload = await _upload(request, body, host.clock)
        passed = _with_length(passed, upload)
    sent = settings.api.request(
        request.method, path, passed, upload, settings.conduct.timeouts
    )
    return await exchange(sent, settings, host, log, asked=request.headers)


def _is_rewritten(method: str, path: str, settings: Settings) -> bool:
    wants_strings = settings.conduct.content_format == "String"
    return wants_strings and method == "POST" and path.partition("?")[0] == CHAT


async def _rewrite(passed: Headers, body: Body, clock: Clock) -> tuple[Headers, bytes]:
    """Make message contents strings; a body without arrays goes up as it came."""
    rewritten = as_strings(await read_json(passed, body, clock))
    length = ("content-length", str(len(rewritten)).encode())
    return (*headers.without(passed, "content-length"), length), rewritten


async def _upload(request: Request, body: Body, clock: Clock) -> bytes | Upload:
    """Take a body that is there at once; send any other up while it arrives."""
    length = headers.declared_length(request.headers)
    upload = KeptUpload(body, clock, length)
    await _begin(upload)
    if upload.is_whole:
        upload.close()
        return upload.kept
    if (length is None or upload.is_misdeclared) and request.method in ("GET", "HEAD"):
        # Hosts send such a body only if its length is known, and lose it otherwise.
        raise InvalidRequest(
            f"A {request.method} with a body has to say content-length.",
            status=411,
            code="length_required",
        )
    return upload


def _with_length(passed: Headers, upload: bytes | Upload) -> Headers:
    """Leave out a length that is wrong; of a body that is there, say the right one."""
    if headers.find(passed, "content-length") is None:
        return passed
    others = headers.without(passed, "content-length")
    if isinstance(upload, bytes):
        return (*others, ("content-length", str(len(upload)).encode()))
    return others if upload.is_misdeclared else passed


async def _begin(upload: KeptUpload) -> None:
    """Wait for the first piece: most bodies are one. Raises `InvalidRequest`."""
    try:
        await upload.begin()
    except BodyBroken as error:
        upload.close()
        raise incomplete(error.kind, "request", code="incomplete_request") from None
