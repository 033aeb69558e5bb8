"""The interfaces that the components under test import, by their names."""

from collections.abc import Callable
from typing import Protocol

from wasmtime.component import Variant

from tests.host.wasi import incoming, outgoing
from tests.host.wasi.clocks import Pollable, VirtualClock
from tests.host.wasi.fields import Fields
from tests.host.wasi.linking import Interface, World
from tests.host.wasi.streams import InputStream, IoError, OutputStream, Sink

VERSION = "0.2.9"


class Surroundings(Protocol):
    """What differs from call to call."""

    @property
    def clock(self) -> VirtualClock: ...

    @property
    def stderr(self) -> Sink: ...

    def get_environment(self) -> list[tuple[str, str]]: ...

    def send(
        self, request: outgoing.OutgoingRequest, options: outgoing.RequestOptions | None
    ) -> incoming.FutureIncomingResponse | Variant: ...


def build_world(now: Callable[[], Surroundings]) -> World:
    """Return all that is imported; `now` gives the surroundings of the moment."""
    interfaces: dict[str, Interface] = {
        **_io(now),
        **_http(now),
        **_cli(now),
        "wasi:random/random": {"get-random-bytes": _bytes, "get-random-u64": lambda: 4},
        "wasi:filesystem/preopens": {"get-directories": _empty},
    }
    return {f"{name}@{VERSION}": interfaces[name] for name in interfaces}


def _io(now: Callable[[], Surroundings]) -> dict[str, Interface]:
    return {
        "wasi:io/poll": {
            "pollable": Pollable,
            "poll": lambda pollables: now().clock.poll(pollables),
            "[method]pollable.block": lambda pollable: now().clock.block(pollable),
            "[method]pollable.ready": lambda pollable: now().clock.is_ready(pollable),
        },
        "wasi:io/error": {"error": IoError},
        "wasi:io/streams": {
            "input-stream": InputStream,
            "output-stream": OutputStream,
        },
        "wasi:clocks/monotonic-clock": {
            "now": lambda: now().clock.now(),
            "resolution": lambda: now().clock.resolution(),
            "subscribe-instant": lambda when: now().clock.subscribe_instant(when),
            "subscribe-duration": lambda time: now().clock.subscribe_duration(time),
        },
        "wasi:clocks/wall-clock": {"now": lambda: now().clock.wall_now()},
    }


def _http(now: Callable[[], Surroundings]) -> dict[str, Interface]:
    return {
        "wasi:http/types": {
            "fields": Fields,
            "incoming-request": incoming.IncomingRequest,
            "incoming-response": incoming.IncomingResponse,
            "incoming-body": incoming.IncomingBody,
            "outgoing-request": outgoing.OutgoingRequest,
            "request-options": outgoing.RequestOptions,
            "outgoing-response": outgoing.OutgoingResponse,
            "outgoing-body": outgoing.OutgoingBody,
            "response-outparam": outgoing.ResponseOutparam,
            "future-incoming-response": incoming.FutureIncomingResponse,
            "http-error-code": incoming.http_error_code,
        },
        "wasi:http/outgoing-handler": {
            "handle": lambda request, options: now().send(request, options)
        },
    }


def _cli(now: Callable[[], Surroundings]) -> dict[str, Interface]:
    return {
        "wasi:cli/environment": {
            "get-environment": lambda: now().get_environment(),
            "get-arguments": _empty,
            "initial-cwd": lambda: None,
        },
        "wasi:cli/stdin": {"get-stdin": _stdin},
        "wasi:cli/stdout": {"get-stdout": lambda: _stdio(now)},
        "wasi:cli/stderr": {"get-stderr": lambda: _stdio(now)},
        "wasi:cli/terminal-stdin": {"get-terminal-stdin": lambda: None},
        "wasi:cli/terminal-stdout": {"get-terminal-stdout": lambda: None},
        "wasi:cli/terminal-stderr": {"get-terminal-stderr": lambda: None},
    }


def _stdio(now: Callable[[], Surroundings]) -> OutputStream:
    stream = OutputStream(lambda: now().stderr)
    stream.outlives_calls = True
    return stream


def _stdin() -> InputStream:
    raise AssertionError("nothing reads stdin")


def _empty() -> list[str]:
    return []


def _bytes(count: int) -> bytes:
    """Return bytes that are the same in every run, so that a failure repeats."""
    return bytes(index % 251 for index in range(count))
