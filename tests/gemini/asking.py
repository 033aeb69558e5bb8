"""The ways to ask: a prompt in both editions, and a chat in the gateway."""

from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.e2e.client import TEXT, send
from tests.e2e.marked import PROMPT
from tests.e2e.proxy import Edition, Proxy
from tests.gemini.editions import GATEWAY, PAIR, ROUTE
from tests.gemini.google import BASE, MODEL, TARGET

CHAT: dict[str, Any] = {
    "model": MODEL,
    "messages": [{"role": "user", "content": PROMPT}],
    "stream": True,
}


@dataclass(frozen=True, slots=True)
class Way:
    """A route, what is sent there, and where that goes up."""

    route: str
    parts: dict[str, Any]
    target: str
    relays: bool = True
    """What the upstream streams is what the client gets."""

    def ask(self, proxy: Proxy) -> httpx.Response:
        """Send the request and read the whole reply."""
        return send(proxy, "POST", self.route, **self.parts)


BY_PROMPT = Way(ROUTE, {"content": PROMPT, "headers": TEXT}, TARGET)
BY_CHAT = Way("/v1/chat/completions", {"json": CHAT}, f"{BASE}/openai/chat/completions")
BY_PLAIN_JSON = Way("/chat", {"json": {"prompt": PROMPT}}, BY_CHAT.target, relays=False)
WAYS: dict[str, tuple[Edition, Way]] = {
    "gateway-prompt": (GATEWAY, BY_PROMPT),
    "gateway-chat": (GATEWAY, BY_CHAT),
    "gateway-plain-json": (GATEWAY, BY_PLAIN_JSON),
    "pair-prompt": (PAIR, BY_PROMPT),
}
in_each_way = pytest.mark.parametrize(
    ("edition", "way"), WAYS.values(), indirect=["edition"], ids=WAYS
)
"""Run a test for each of them; it takes `way`."""
