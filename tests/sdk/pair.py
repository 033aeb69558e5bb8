"""The same client twice: straight to the upstream, and through the gateway."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest
from openai import (
    APIError,
    AsyncOpenAI,
    DefaultAsyncHttpxClient,
    DefaultHttpxClient,
    OpenAI,
)
from pydantic import BaseModel

from local_upstream.observing import Record
from tests.sdk.upstream import LocalUpstream

Call = Callable[[OpenAI], Any]
AsyncCall = Callable[[AsyncOpenAI], Awaitable[Any]]
Failure = TypeVar("Failure", bound=APIError)
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Side:
    """Where a client goes, and with what."""

    base_url: str
    api_key: str

    def run(self, call: Call, **options: Any) -> Any:
        """Return what `call` makes of a client, as plain data."""
        # The environment's own proxies have no place between the tests' two ends.
        http = DefaultHttpxClient(trust_env=False)
        with OpenAI(
            base_url=self.base_url, api_key=self.api_key, http_client=http, **options
        ) as client:
            return plain(call(client))

    def run_async(self, call: AsyncCall) -> Any:
        """Return what `call` makes of an asynchronous client, as plain data."""
        return asyncio.run(self._run_async(call))

    async def _run_async(self, call: AsyncCall) -> Any:
        http = DefaultAsyncHttpxClient(trust_env=False)
        async with AsyncOpenAI(
            base_url=self.base_url, api_key=self.api_key, http_client=http
        ) as client:
            return plain(await call(client))


@dataclass(frozen=True, slots=True)
class Pair:
    """Both sides of a comparison, and the upstream of both."""

    direct: Side
    gateway: Side
    upstream: LocalUpstream

    def same(self, call: Call, **options: Any) -> Any:
        """Return what `call` gives: the same on both sides, for the same requests."""
        return self._same(lambda side: side.run(call, **options))

    def same_async(self, call: AsyncCall) -> Any:
        """Do so with asynchronous clients."""
        return self._same(lambda side: side.run_async(call))

    def same_error(self, kind: type[Failure], call: Call, **options: Any) -> Failure:
        """Return the gateway's error, which is the same as the upstream's own."""

        def fail(side: Side) -> tuple[dict[str, Any], Failure]:
            with pytest.raises(kind) as raised:
                side.run(call, **options)
            return _told(raised.value), raised.value

        direct, from_direct = self._recorded(lambda: fail(self.direct))
        gateway, from_gateway = self._recorded(lambda: fail(self.gateway))
        assert from_gateway == from_direct
        assert gateway[0] == direct[0]
        return gateway[1]

    def same_outcome(self, call: Call) -> None:
        """See that a call gives the same on both sides, be it an error."""

        def run(client: OpenAI) -> Any:
            try:
                return call(client)
            except APIError as error:
                return _told(error)

        self.same(run)

    def asked(self, side: Side, call: Call, **options: Any) -> list[Record]:
        """Return what the upstream was asked for one call, be it an error."""
        with self.upstream.recording() as records:
            try:
                side.run(call, **options)
            except APIError:
                pass
        return records

    def _same(self, run: Callable[[Side], Any]) -> Any:
        direct, from_direct = self._recorded(lambda: run(self.direct))
        gateway, from_gateway = self._recorded(lambda: run(self.gateway))
        assert from_gateway == from_direct
        assert gateway == direct
        return gateway

    def _recorded(self, run: Callable[[], Result]) -> tuple[Result, list[str]]:
        """Return a run's result and the requests that the upstream saw meanwhile."""
        with self.upstream.recording() as records:
            result = run()
        return result, sorted(f"{r.method} {r.target}" for r in records)


def plain(value: Any) -> Any:
    """Return a client's objects as data that can be compared, ids of requests too."""
    if isinstance(value, BaseModel):
        request_id = getattr(value, "_request_id", None)
        return {**value.model_dump(warnings=False), "request_id": request_id}
    if isinstance(value, dict):
        return {name: plain(member) for name, member in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return [plain(member) for member in value]
    return value


def _told(error: APIError) -> dict[str, Any]:
    """Return all that an error tells, other than of its request."""
    names = ("message", "body", "code", "param", "type", "status_code", "request_id")
    told = {name: getattr(error, name, None) for name in names}
    return {"class": type(error), **told}
