"""The real gateway with one of the example settings, before a strict stand-in.

Only the scheme and the host of its base URL are not those of the file, and what makes
a test wait: the delays between retries.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from local_upstream.observing import Record
from provider.settings import document
from scripts.check_logs import PROMPT_MARK
from scripts.wasmtime import PRECOMPILED
from tests.e2e.client import send
from tests.e2e.proxy import BUILD, GATEWAY, Proxy
from tests.providers.dialect import KEY
from tests.providers.dialects import DIALECTS
from tests.providers.example_settings import read
from tests.providers.matrix import Row
from tests.providers.serving import Provider, serving

Json = dict[str, Any]
LOGS = BUILD / "logs" / "providers"
PROMPT = f"one line of {PROMPT_MARK}"
ECHO = f"No model here, only an echo: {PROMPT}"
HASTE = {
    "PROXY_MAX_RETRIES": "1",
    "PROXY_RETRY_INITIAL_DELAY_MS": "1",
    "PROXY_RETRY_MAX_DELAY_MS": "1000",
    "LOG_LEVEL": "debug",
}
CLIENTS_OWN = {
    "authorization": "Bearer client",
    "api-key": "client",
    "x-api-key": "client",
    "x-goog-api-key": "client",
}
"""Keys that a client may send, and that must not go up."""


@dataclass(frozen=True, slots=True)
class Exchanged:
    """A reply, and the last request that the provider got for it."""

    reply: httpx.Response
    record: Record
    body: bytes


@dataclass(frozen=True, slots=True)
class Station:
    """A gateway and its upstream, both running."""

    row: Row
    settings: Json
    provider: Provider
    gateway: Proxy

    @property
    def model(self) -> str:
        """The settings' own."""
        return str(self.settings["default_model"])

    def ask(self, method: str, target: str, **parts: Any) -> httpx.Response:
        """Send the gateway a request, with whatever keys a client may have."""
        headers = {**CLIENTS_OWN, **parts.pop("headers", {})}
        return send(self.gateway, method, target, headers=headers, **parts)

    def exchange(self, method: str, target: str, **parts: Any) -> Exchanged:
        """Send it, and see what the provider got."""
        count = len(self.provider.records)
        reply = self.ask(method, target, **parts)
        assert len(self.provider.records) > count, reply.text
        return Exchanged(reply, self.provider.records[-1], self.provider.bodies[-1])

    def post(self, api: str, **asked: Any) -> Exchanged:
        """Ask one of the provider's APIs for what its own model is to answer."""
        return self.exchange("POST", f"/v1/{api}", json=self.asked(**asked))

    def chat(self, **asked: Any) -> Exchanged:
        """Ask `/chat`."""
        return self.exchange("POST", "/chat", json=asked)

    def asked(self, **asked: Any) -> Json:
        """Build a request's body."""
        return {"model": self.model, **asked}

    def directly(self, sent: Exchanged) -> httpx.Response:
        """Send the provider the same without a gateway: its reply is the same too."""
        with httpx.Client(trust_env=False) as client:
            return client.request(
                sent.record.method,
                self.provider.origin + sent.record.target,
                content=sent.body,
                headers={
                    "content-type": "application/json",
                    **dict(self.provider.dialect.keys[:1]),
                },
            )


@contextmanager
def starting(row: Row, key: str | None = KEY, log: str = "") -> Iterator[Station]:
    """Start both; without a key, its variable is not set."""
    settings = read(row.name)
    with serving(DIALECTS[row.name]) as provider:
        moved = settings | {"base_url": provider.relocate(settings["base_url"])}
        environ = {document.VARIABLE: json.dumps({"config": moved}), **HASTE}
        if key is not None and "api_key_env" in settings:
            environ[settings["api_key_env"]] = key
        flags = (*GATEWAY.flags, *PRECOMPILED)
        name = f"{row.name}{log}"
        gateway = Proxy(name, environ, GATEWAY.component, flags, LOGS)
        try:
            yield Station(row, settings, provider, gateway)
        finally:
            gateway.stop()
