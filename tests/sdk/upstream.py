"""The local upstream in a thread of the tests, with what it was asked."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web

from local_upstream.identity import repeated
from local_upstream.observing import RECORDS, Record
from local_upstream.server import build_app

DELTA_SECONDS = 0.001


class LocalUpstream:
    """A server on loopback; the same request gets the same reply, to the byte."""

    def __init__(self) -> None:
        self._app = build_app(DELTA_SECONDS, repeated)
        self._started = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        assert self._started.wait(20), "the local upstream did not start"

    @contextmanager
    def recording(self) -> Iterator[list[Record]]:
        """Give a list that holds, in the end, the requests of the block."""
        before = len(self._app[RECORDS])
        records: list[Record] = []
        yield records
        records += self._app[RECORDS][before:]

    def close(self) -> None:
        """Stop serving."""
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(20)
        assert not self._thread.is_alive(), "the local upstream did not stop"

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        # A slow reply ends with its client, not with the tests.
        runner = web.AppRunner(
            self._app, access_log=None, handler_cancellation=True, shutdown_timeout=1
        )
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{port}/v1"
        self._started.set()
        await self._stopping.wait()
        await runner.cleanup()
