"""What the router answers by itself; a prompt is for the provider to answer."""

from http_proxy.prompts import read_prompt
from http_proxy.routing import Route, allow, match
from wire.errors import json_reply
from wire.ports import Body, Reply, Request, Responder
from wire.request_log import RequestLog
from wire.respond import deliver, settle


async def answer_or_prompt(
    request: Request, body: Body, responder: Responder, log: RequestLog
) -> str | None:
    """Answer a request, or return the prompt that the provider is to answer."""
    settled = await settle(_decide(request, body), log)
    if isinstance(settled, str):
        return settled
    await deliver(settled, responder, log, method=request.method)
    return None


async def _decide(request: Request, body: Body) -> Reply | str:
    route = match(request.method, request.target)
    if request.method == "OPTIONS":
        return Reply(204, (("allow", allow(route).encode()),), b"")
    if route is Route.HEALTH:
        return json_reply(200, b'{"status":"healthy"}')
    return await read_prompt(request.headers, body)
