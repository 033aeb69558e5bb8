"""Components in a store, linked with each other and called many times."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from wasmtime import Store
from wasmtime.component import Func, Instance, Variant

from tests.host.client import Client
from tests.host.components import Built
from tests.host.peers import Script, ScriptedSource
from tests.host.runs import ENVIRON, Run
from tests.host.upstream import Answer, Failure, Upstream
from tests.host.wasi.fields import Headers
from tests.host.wasi.incoming import IncomingRequest
from tests.host.wasi.linking import Interface, Linking, World
from tests.host.wasi.table import Resource, Table
from tests.host.wasi.world import build_world

STREAMING_HANDLER = "wasmcloud:ai/streaming-handler"
INCOMING_HANDLER = "wasi:http/incoming-handler@0.2.9"
ENVIRONMENT = "wasi:cli/environment@0.2.9"
TEXT: Headers = [("content-type", b"text/plain")]
PATIENT = Client()


class Stage:
    """A store, its table, and the run that is on."""

    def __init__(self, built: Built) -> None:
        self.store = Store(built.engine)
        self._built = built
        self._table = Table()
        self._linking = Linking(built.engine, self._table)
        self._world = build_world(self._now)
        self._run: Run | None = None

    def instantiate(self, name: str, plugs: World) -> Instance:
        """Make an instance that imports `plugs` and, for the rest, the host."""
        component = self._built.component(name)
        linker = self._linking.link(component, {**self._world, **plugs})
        return linker.instantiate(self.store, component)

    def function(self, instance: Instance, interface: str, name: str) -> Func:
        outer = instance.get_export_index(self.store, interface)
        inner = instance.get_export_index(self.store, name, outer)
        function = inner and instance.get_func(self.store, inner)
        assert function, f"{interface} has no {name}"
        return function

    @contextmanager
    def running(self, run: Run) -> Iterator[None]:
        """Let `run` be what the components see; check that it leaves nothing."""
        self._run = run
        yield
        leaks = self._table.leaks()
        assert not leaks, f"left behind: {leaks}"

    def call(self, function: Func, *arguments: str | Resource) -> None:
        own = self._linking.own
        function(
            self.store, *(own(a) if isinstance(a, Resource) else a for a in arguments)
        )

    def _now(self) -> Run:
        assert self._run
        return self._run


Assemble = Callable[[Stage], Func]
"""Makes the instances and returns the function to call."""


class Subject:
    """What is under test. Its instances are used again until one traps."""

    def __init__(self, built: Built, assemble: Assemble) -> None:
        self._built = built
        self._assemble = assemble
        self._ready: tuple[Stage, Func] | None = None

    def call(self, run: Run, *arguments: str | Resource) -> Run:
        stage, function = self._ready or self._start()
        self._ready = None  # A store is unusable after a trap.
        with stage.running(run):
            stage.call(function, *arguments, run.reply.outparam())
        self._ready = stage, function
        return run

    def _start(self) -> tuple[Stage, Func]:
        stage = Stage(self._built)
        return stage, self._assemble(stage)


class Provider(Subject):
    """A component that is asked by `stream-handle`."""

    def stream(
        self,
        *replies: Answer | Failure,
        prompt: str = "Say hello.",
        client: Client = PATIENT,
        environ: dict[str, str] = ENVIRON,
    ) -> Run:
        return self.call(Run(Upstream(*replies), client, environ), prompt)


class Proxy(Subject):
    """A component, or several, that is asked by HTTP."""

    def handle(
        self,
        *replies: Answer | Failure,
        method: str = "post",
        target: str = "/openai-proxy",
        headers: Headers = TEXT,
        body: Script = (b"Say hello.",),
        client: Client = PATIENT,
        environ: dict[str, str] = ENVIRON,
    ) -> Run:
        run = Run(Upstream(*replies), client, environ)
        run.request_body = ScriptedSource(body, run.clock)
        name = Variant(method) if method.islower() else Variant("other", method)
        request = IncomingRequest(name, target, headers, run.request_body)
        return self.call(run, request)


def provider(stage: Stage) -> Func:
    instance = stage.instantiate("openai_component", {})
    return stage.function(instance, STREAMING_HANDLER, "stream-handle")


def router(stage: Stage, streaming_handler: Interface) -> Func:
    """Plug the empty environment and what is given, as wac does."""
    nothing = stage.instantiate("no_environment", {})
    names = ("get-environment", "get-arguments", "initial-cwd")
    plugs: World = {
        ENVIRONMENT: {n: stage.function(nothing, ENVIRONMENT, n) for n in names},
        STREAMING_HANDLER: streaming_handler,
    }
    instance = stage.instantiate("http_proxy", plugs)
    return stage.function(instance, INCOMING_HANDLER, "handle")


def pair(stage: Stage) -> Func:
    return router(stage, {"stream-handle": provider(stage)})


def composed(stage: Stage, name: str = "final") -> Func:
    instance = stage.instantiate(name, {})
    return stage.function(instance, INCOMING_HANDLER, "handle")
