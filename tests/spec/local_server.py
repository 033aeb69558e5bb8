"""The local upstream as a server, for one request at a time."""

import asyncio
from typing import Any, NamedTuple

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from local_upstream.identity import repeated
from local_upstream.server import build_app

KEY = {"authorization": "Bearer any"}
Sent = tuple[str, str, dict[str, Any]]
"""A request: method, path, and options of aiohttp's client."""


class Answered(NamedTuple):
    """A whole reply."""

    status: int
    content_type: str
    body: bytes


def send(method: str, path: str, **options: Any) -> Answered:
    """Send a request to a real server, with a key, and return the reply."""
    [answered] = send_all((method, path, options))
    return answered


def send_all(*requests: Sent) -> list[Answered]:
    """Send requests one after the other to the same server.

    The same request gets the same ids, so that a test can know them.
    """

    async def run() -> list[Answered]:
        async with TestClient[web.Request, web.Application](
            TestServer(build_app(delta_seconds=0, identify=repeated))
        ) as client:
            return [await _send(client, *request) for request in requests]

    return asyncio.run(run())


async def _send(
    client: TestClient[web.Request, web.Application],
    method: str,
    path: str,
    options: dict[str, Any],
) -> Answered:
    options = {"headers": KEY, **options}
    async with client.request(method, path, **options) as reply:
        return Answered(reply.status, reply.content_type, await reply.read())
