"""Clients that ask for stream after stream, and what became of each."""

import asyncio
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import httpx

from scripts.lattice.daemons import LatticeError

SECONDS = 60.0
"""For one request, at most."""
END = b"response.completed"
OK = "whole"
BROKEN = "broken"
"""The transfer ended as broken: the client knows."""
SHORT = "short"
"""It ended as if it were whole, without the last event."""
REFUSED = "refused"
"""There was no reply at all."""


@dataclass(slots=True)
class Outcomes:
    """What became of the requests that have ended."""

    counts: Counter[str] = field(default_factory=Counter)
    models: Counter[str] = field(default_factory=Counter)
    """Who answered: a version can be told by its model."""

    @property
    def requests(self) -> int:
        """All of them."""
        return self.counts.total()

    @property
    def failed(self) -> int:
        """All that were not answered to their end."""
        return self.requests - self.counts[OK]

    def __str__(self) -> str:
        """Tell of all, the good ones too."""
        return ", ".join(f"{count} {what}" for what, count in self.counts.most_common())


class Load:
    """Clients, each asking again as soon as it has been answered."""

    def __init__(self, url: str, clients: int, path: str = "/openai-proxy") -> None:
        """Start them, in a thread."""
        self.outcomes = Outcomes()
        self._changed = threading.Condition()
        self._ending = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._run(url + path, clients)), daemon=True
        )
        self._thread.start()

    def wait_for(self, requests: int, model: str = "") -> None:
        """Wait until so many more have been answered whole, by `model` if it is given.

        Raises `LatticeError`.
        """
        counted = self.outcomes.models if model else self.outcomes.counts
        key = model or OK
        with self._changed:
            wanted = counted[key] + requests
            if not self._changed.wait_for(lambda: counted[key] >= wanted, SECONDS):
                raise LatticeError(f"The clients are not answered: {self.outcomes}")

    def end(self) -> Outcomes:
        """Ask no more, wait for what is under way, and return what became of all."""
        self._ending.set()
        self._thread.join(SECONDS)
        return self.outcomes

    async def _run(self, url: str, clients: int) -> None:
        async with asyncio.TaskGroup() as group:
            for number in range(clients):
                group.create_task(self._ask_on(url, f"Client {number} says hello."))

    async def _ask_on(self, url: str, prompt: str) -> None:
        limits = httpx.Limits(max_keepalive_connections=0)
        async with httpx.AsyncClient(
            timeout=SECONDS, trust_env=False, limits=limits
        ) as client:
            while not self._ending.is_set():
                outcome, model = await _ask(client, url, prompt)
                with self._changed:
                    self.outcomes.counts[outcome] += 1
                    self.outcomes.models[model] += bool(model)
                    self._changed.notify_all()
                if outcome == REFUSED:
                    await asyncio.sleep(0.1)


async def _ask(client: httpx.AsyncClient, url: str, prompt: str) -> tuple[str, str]:
    """Return what became of a request, and the model that answered."""
    received, status = b"", 0
    with suppress(httpx.TransportError):
        async with client.stream("POST", url, content=prompt) as response:
            status = response.status_code
            async for piece in response.aiter_raw():
                received += piece
            whole = OK if END in received else SHORT
            return (whole if status == 200 else f"status {status}"), _model(received)
    return (BROKEN if status else REFUSED), ""


def _model(stream: bytes) -> str:
    _, _, rest = stream.partition(b'"model":"')
    return rest.partition(b'"')[0].decode()


@contextmanager
def load(url: str, clients: int) -> Iterator[Load]:
    """Run clients until the end of the block; their outcomes can be read after it."""
    running = Load(url, clients)
    try:
        yield running
    finally:
        running.end()
