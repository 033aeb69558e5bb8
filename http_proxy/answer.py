"""What the router answers by itself; a prompt is for the provider to answer."""

from http_proxy.heads import check_head
from http_proxy.prompts import read_prompt
from http_proxy.replies import own_reply
from http_proxy.routing import Routes
from wire.ports import Body, Reply, Request, Responder
from wire.request_log import RequestLog
from wire.respond import deliver, settle


async def answer_or_prompt(
    request: Request,
    body: Body,
    routes: Routes,
    responder: Responder,
    log: RequestLog,
) -> str | None:
    """Answer a request, or return the prompt that the provider is to answer."""
    settled = await settle(_decide(request, body, routes), log)
    if isinstance(settled, str):
        return settled
    await deliver(settled, responder, log, method=request.method)
    return None


async def _decide(request: Request, body: Body, routes: Routes) -> Reply | str:
    check_head(request)
    route = routes.match(request.method, request.target)
    reply = own_reply(request.method, route)
    return reply or await read_prompt(request.headers, body)
