"""A provider's API on loopback, in a thread of the tests: `with serving(AZURE) as it`.

settings = {**read("azure"), "base_url": it.relocate(read("azure")["base_url"])}
"""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import web

from local_upstream.identity import repeated
from local_upstream.observing import RECORDS, Record
from local_upstream.server import prepare_app
from tests.providers.dialect import Dialect

DELTA_SECONDS = 0.001
PATIENCE = 20.0
BODIES = web.AppKey("bodies", list[bytes])


@dataclass(frozen=True, slots=True)
class Provider:
    """A server that runs; the same request gets the same reply, to the byte."""

    dialect: Dialect
    origin: str
    records: list[Record]
    """Every request that came, the refused ones too."""
    bodies: list[bytes]
    """Of those whose body was read, in the order in which they came."""

    @property
    def base_url(self) -> str:
        """Where the API is, in the place of the provider's own."""
        return self.origin + self.dialect.base_path

    def relocate(self, base_url: str) -> str:
        """Return a provider's base URL with this server for its scheme and host."""
        return self.origin + urlsplit(base_url).path


@contextmanager
def serving(dialect: Dialect) -> Iterator[Provider]:
    """Serve an API for the length of a block."""
    app = build_app(dialect)
    loop = asyncio.new_event_loop()
    started, stopping, ports = threading.Event(), asyncio.Event(), list[int]()

    async def serve() -> None:
        runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        ports.append(runner.addresses[0][1])
        started.set()
        await stopping.wait()
        await runner.cleanup()

    def run() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(serve())

    thread = threading.Thread(target=run)
    thread.start()
    assert started.wait(PATIENCE), "the provider did not start"
    try:
        origin = f"http://127.0.0.1:{ports[0]}"
        yield Provider(dialect, origin, app[RECORDS], app[BODIES])
    finally:
        loop.call_soon_threadsafe(stopping.set)
        thread.join(PATIENCE)
    assert not thread.is_alive(), "the provider did not stop"


def build_app(dialect: Dialect) -> web.Application:
    """Build the server: the local upstream's answers, behind an API's conditions."""
    conventions = dialect.conventions()
    app = prepare_app(lambda _: conventions, DELTA_SECONDS, repeated)
    app[BODIES] = []
    app.on_response_prepare.append(_keep_body)
    for route, handler in dialect.routes.items():
        method, _, path = route.partition(" ")
        app.router.add_route(method, dialect.base_path + path, handler)
    return app


async def _keep_body(request: web.Request, reply: web.StreamResponse) -> None:
    del reply  # It is what comes after the body.
    # Read before, it is kept by the request, and not read again here.
    request.app[BODIES].append(await request.read())
